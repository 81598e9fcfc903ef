/** A rule for people: its name, and why a document falls or changes by it. */
export interface RuleName {
  fr: string;
  en: string;
  why: { fr: string; en: string };
}

const rules: Readonly<Record<string, RuleName>> = {
  unreadable: {
    fr: 'illisible',
    en: 'unreadable',
    why: {
      fr: 'Fichier abîmé, ou document dont l’identifiant, la langue ou la date n’a pas de sens.',
      en: 'A damaged file, or a document whose id, language or date makes no sense.',
    },
  },
  licence: {
    fr: 'licence inconnue',
    en: 'unknown licence',
    why: {
      fr: 'Personne ne sait ce que cette licence permet, ou elle ne permet pas d’entraîner un modèle.',
      en: 'Nobody knows what this licence allows, or it does not allow a model to be trained.',
    },
  },
  robots: {
    fr: 'interdit par robots.txt',
    en: 'kept out by robots.txt',
    why: {
      fr: 'Le site interdit cette page aux robots. Son texte n’est pas conservé.',
      en: 'The site keeps robots off this page. Its text is not kept.',
    },
  },
  'tdm-reservation': {
    fr: 'fouille de textes réservée',
    en: 'text mining reserved',
    why: {
      fr: 'L’auteur s’oppose à la fouille de textes (directive 2019/790, article 4). Le texte n’est pas conservé.',
      en: 'The author has reserved text and data mining (directive 2019/790, article 4). The text is not kept.',
    },
  },
  noai: {
    fr: 'refus de l’IA (noai)',
    en: 'refuses AI (noai)',
    why: {
      fr: 'La page demande à ne pas servir à l’apprentissage. Son texte n’est pas conservé.',
      en: 'The page asks not to be trained on. Its text is not kept.',
    },
  },
  'url/words': {
    fr: 'mots de l’adresse',
    en: 'words of the address',
    why: {
      fr: 'L’adresse de la page contient un mot que la recette exclut.',
      en: 'The page’s address holds a word that the recipe excludes.',
    },
  },
  'url/blocklist': {
    fr: 'site sur liste noire',
    en: 'blocked site',
    why: {
      fr: 'Le site est sur une liste de sites exclus (contenu adulte, arnaques…).',
      en: 'The site is on a list of excluded sites (adult content, fraud…).',
    },
  },
  'url/overlap': {
    fr: 'site d’une autre source',
    en: 'site of another source',
    why: {
      fr: 'Une autre source du corpus couvre déjà ce site, mieux.',
      en: 'Another source of the corpus covers this site already, and better.',
    },
  },
  languages: {
    fr: 'langue non voulue',
    en: 'unwanted language',
    why: {
      fr: 'La langue n’est pas de celles que la recette garde.',
      en: 'The language is none of those that the recipe keeps.',
    },
  },
  language: {
    fr: 'autre langue',
    en: 'other language',
    why: {
      fr: 'Le texte n’est pas dans la langue annoncée.',
      en: 'The text is not in the language it claims.',
    },
  },
  'quality/perplexity': {
    fr: 'texte trop étrange ou trop banal',
    en: 'too odd or too plain',
    why: {
      fr: 'Un petit modèle de langue trouve le texte trop surprenant (charabia) ou pas assez (remplissage).',
      en: 'A small language model finds the text too surprising (gibberish) or not surprising enough (filler).',
    },
  },
  'quality/language-score': {
    fr: 'langue incertaine',
    en: 'uncertain language',
    why: {
      fr: 'La langue n’a pas été reconnue avec assez de certitude à la collecte.',
      en: 'The language was not recognised with enough certainty when the text was collected.',
    },
  },
  'quality/sentences': {
    fr: 'trop peu de phrases',
    en: 'too few sentences',
    why: {
      fr: 'Une page presque sans phrase : menu, liste, image.',
      en: 'A page with hardly a sentence: a menu, a list, an image.',
    },
  },
  'quality/braces': {
    fr: 'accolades',
    en: 'braces',
    why: {
      fr: 'Des accolades { } dans de la prose : c’est du code ou une page abîmée.',
      en: 'Braces { } in prose: it is code or a broken page.',
    },
  },
  'quality/lorem-ipsum': {
    fr: 'faux texte',
    en: 'filler text',
    why: {
      fr: 'Du « lorem ipsum » de maquette.',
      en: 'The “lorem ipsum” of a mock-up.',
    },
  },
  'quality/words': {
    fr: 'nombre de mots',
    en: 'number of words',
    why: {
      fr: 'Trop court pour dire quelque chose, ou si long que c’est un vidage de données.',
      en: 'Too short to say something, or so long that it is a dump of data.',
    },
  },
  'quality/mean-word-length': {
    fr: 'longueur des mots',
    en: 'length of words',
    why: {
      fr: 'Des mots trop courts ou trop longs en moyenne pour une langue.',
      en: 'Words too short or too long on average for a language.',
    },
  },
  'quality/symbols': {
    fr: 'symboles',
    en: 'symbols',
    why: {
      fr: 'Trop de # et de points de suspension pour le nombre de mots.',
      en: 'Too many # and ellipses for the number of words.',
    },
  },
  'quality/bullet-lines': {
    fr: 'listes à puces',
    en: 'bullet lists',
    why: {
      fr: 'Presque toutes les lignes commencent par une puce.',
      en: 'Almost all lines begin with a bullet.',
    },
  },
  'quality/ellipsis-lines': {
    fr: 'lignes tronquées',
    en: 'cut lines',
    why: {
      fr: 'Trop de lignes finissent par des points de suspension.',
      en: 'Too many lines end in an ellipsis.',
    },
  },
  'quality/words-without-letter': {
    fr: 'mots sans lettre',
    en: 'words without a letter',
    why: {
      fr: 'Trop de « mots » sans une lettre : nombres, signes.',
      en: 'Too many “words” without a letter: numbers, signs.',
    },
  },
  'quality/uppercase': {
    fr: 'sans majuscules',
    en: 'no capitals',
    why: {
      fr: 'Presque aucune majuscule : un texte non écrit, transcrit par une machine.',
      en: 'Hardly a capital letter: not written but transcribed by a machine.',
    },
  },
  'quality/sentence-ends': {
    fr: 'sans ponctuation',
    en: 'no punctuation',
    why: {
      fr: 'Presque aucune fin de phrase : un texte non écrit, transcrit par une machine.',
      en: 'Hardly an end of a sentence: not written but transcribed by a machine.',
    },
  },
  'bad-words': {
    fr: 'mots grossiers',
    en: 'bad words',
    why: {
      fr: 'Le texte contient des mots d’une liste de grossièretés.',
      en: 'The text holds words of a list of obscenities.',
    },
  },
  'ocr/score': {
    fr: 'numérisation médiocre',
    en: 'poor scan',
    why: {
      fr: 'La qualité de la numérisation annoncée par la source est trop basse.',
      en: 'The quality of the scan, as the source states it, is too low.',
    },
  },
  'ocr/noise': {
    fr: 'bruit de numérisation',
    en: 'scanner’s noise',
    why: {
      fr: 'Des passages que le lecteur optique a rendus illisibles sont coupés ; un document dont il reste trop peu tombe.',
      en: 'Passages that character recognition has spoilt are cut; a document of which too little is left falls.',
    },
  },
  'page-noise': {
    fr: 'pages sans prose',
    en: 'pages without prose',
    why: {
      fr: 'En-têtes, pieds de page, sommaires et index d’un livre ou d’une thèse sont coupés.',
      en: 'Headers, footers, contents and indexes of a book or thesis are cut.',
    },
  },
  'page-breaks': {
    fr: 'sauts de page',
    en: 'page breaks',
    why: {
      fr: 'Les sauts de page deviennent des fins de paragraphe.',
      en: 'Page breaks become ends of paragraphs.',
    },
  },
  gutenberg: {
    fr: 'habillage de Gutenberg',
    en: 'Gutenberg’s frame',
    why: {
      fr: 'Ce que le projet Gutenberg écrit avant et après le livre est coupé.',
      en: 'What Project Gutenberg writes before and after the book is cut.',
    },
  },
  'author-death': {
    fr: 'auteur encore protégé',
    en: 'author still protected',
    why: {
      fr: 'L’auteur n’est pas mort depuis assez longtemps pour que le livre soit libre.',
      en: 'The author has not been dead long enough for the book to be free.',
    },
  },
  rights: {
    fr: 'droits déclarés',
    en: 'stated rights',
    why: {
      fr: 'La mention de droits du document n’est pas de celles que la recette accepte.',
      en: 'The document’s statement of rights is none that the recipe accepts.',
    },
  },
  'pdf-cid': {
    fr: 'PDF mal lu',
    en: 'badly read PDF',
    why: {
      fr: 'Des « (cid:12) » à la place des lettres sont coupés ; trop nombreux, le document tombe.',
      en: '“(cid:12)” in place of letters is cut; where there is too much of it the document falls.',
    },
  },
  mojibake: {
    fr: 'accents abîmés',
    en: 'broken accents',
    why: {
      fr: 'Des « Ã© » à la place de « é » sont réparés ou, s’ils ne le peuvent, le document tombe.',
      en: '“Ã©” in place of “é” is mended; where it cannot be the document falls.',
    },
  },
  dialogue: {
    fr: 'tours de parole',
    en: 'turns of speech',
    why: {
      fr: 'Les noms des locuteurs sont écrits d’une seule manière.',
      en: 'The names of speakers are written in one way.',
    },
  },
  counters: {
    fr: 'compteurs et adresses',
    en: 'counters and addresses',
    why: {
      fr: 'Lignes qui ne sont qu’une adresse ou un nombre de vues.',
      en: 'Lines that are nothing but an address or a number of views.',
    },
  },
  'too-few-words': {
    fr: 'trop peu de mots',
    en: 'too few words',
    why: {
      fr: 'Il reste trop peu de mots après le nettoyage.',
      en: 'Too few words are left after cleaning.',
    },
  },
  'too-short': {
    fr: 'trop court',
    en: 'too short',
    why: {
      fr: 'Trop peu de texte pour en apprendre quelque chose.',
      en: 'Too little text to learn anything from.',
    },
  },
  'parallel/language': {
    fr: 'traduction douteuse',
    en: 'doubtful translation',
    why: {
      fr: 'Une moitié d’un texte parallèle n’est pas dans sa langue.',
      en: 'One half of a parallel text is not in its language.',
    },
  },
  parallel: {
    fr: 'textes parallèles',
    en: 'parallel text',
    why: {
      fr: 'Les deux moitiés sont réunies en un texte.',
      en: 'The two halves are put into one text.',
    },
  },
  pii: {
    fr: 'données personnelles',
    en: 'personal data',
    why: {
      fr: 'Courriels, téléphones, numéros de compte ou de personne cèdent la place à des leurres ; le document reste.',
      en: 'Mail addresses, telephone, account and personal numbers give way to decoys; the document stays.',
    },
  },
  'opt-out': {
    fr: 'retrait demandé',
    en: 'opt-out',
    why: {
      fr: 'L’auteur ou le site a demandé le retrait. Le texte n’est pas conservé.',
      en: 'The author or the site has asked for removal. The text is not kept.',
    },
  },
  'exact-duplicate': {
    fr: 'doublon exact',
    en: 'exact duplicate',
    why: {
      fr: 'Les mêmes mots qu’un autre document ; le plus ancien reste.',
      en: 'The same words as another document; the oldest stays.',
    },
  },
  'near-duplicate': {
    fr: 'quasi-doublon',
    en: 'near duplicate',
    why: {
      fr: 'Presque les mêmes mots qu’un autre document ; le plus ancien reste.',
      en: 'Almost the same words as another document; the oldest stays.',
    },
  },
  contamination: {
    fr: 'contient une question d’examen',
    en: 'holds a benchmark item',
    why: {
      fr: 'Le texte contient une question qui servira à noter le modèle : l’avoir lue fausserait la note.',
      en: 'The text holds a question that the model will be scored with: having read it would falsify the score.',
    },
  },
  boilerplate: {
    fr: 'formules répétées',
    en: 'boilerplate',
    why: {
      fr: 'Lignes qui reviennent dans de nombreux documents (menus, mentions). Elles sont retirées ; un document dont il ne reste presque rien tombe.',
      en: 'Lines that stand in many documents (menus, notices). They are taken out; a document of which almost nothing is left falls.',
    },
  },
  'source-cap': {
    fr: 'plafond de la source',
    en: 'source’s cap',
    why: {
      fr: 'La recette limite cette source : un échantillon tiré au sort en est gardé, le reste est écarté.',
      en: 'The recipe limits this source: a sample of it, drawn by lot, is kept; the rest falls.',
    },
  },
};

const NGRAM = /^quality\/(top|duplicate)-(\d+)-gram$/;

/** What a rule is called; one that is not known here keeps its own name. */
export function ruleName(rule: string): RuleName {
  if (Object.hasOwn(rules, rule)) return rules[rule]!;
  const ngram = NGRAM.exec(rule);
  if (!ngram) return { fr: rule, en: rule, why: { fr: '', en: '' } };
  const n = ngram[2]!;
  return ngram[1] === 'top'
    ? {
        fr: `une suite de ${n} mots rabâchée`,
        en: `one run of ${n} words over and over`,
        why: {
          fr: `Une même suite de ${n} mots fait une trop grande part du texte.`,
          en: `One and the same run of ${n} words makes too much of the text.`,
        },
      }
    : {
        fr: `suites de ${n} mots répétées`,
        en: `repeated runs of ${n} words`,
        why: {
          fr: `Trop du texte est fait de suites de ${n} mots qui y reviennent.`,
          en: `Too much of the text is made of runs of ${n} words that come again.`,
        },
      };
}
