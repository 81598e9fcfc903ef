/** A rule for people: its name, and what it looks at. */
export interface RuleName {
  fr: string;
  en: string;
  /** Why a document falls by it. */
  why: { fr: string; en: string };
}

const rules: Readonly<Record<string, RuleName>> = {
  unreadable: {
    fr: 'illisible',
    en: 'unreadable',
    why: {
      fr: 'Fichier abîmé, ou document sans identifiant, licence ou date qui ait un sens.',
      en: 'A damaged file, or a document without a sensible id, licence or date.',
    },
  },
  robots: {
    fr: 'refus de robots.txt',
    en: 'robots.txt',
    why: {
      fr: 'Le site interdit cette page aux robots. Son texte n’est pas conservé.',
      en: 'The site keeps robots off this page. Its text is not kept.',
    },
  },
  'tdm-reservation': {
    fr: 'droits réservés (fouille de textes)',
    en: 'text mining reserved',
    why: {
      fr: 'L’auteur s’est opposé à la fouille de textes (directive 2019/790, article 4). Le texte n’est pas conservé.',
      en: 'The author has reserved text and data mining (directive 2019/790, article 4). The text is not kept.',
    },
  },
  noai: {
    fr: 'refus de l’IA (noai)',
    en: 'noai',
    why: {
      fr: 'La page demande à ne pas servir à l’apprentissage. Son texte n’est pas conservé.',
      en: 'The page asks not to be trained on. Its text is not kept.',
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
  language: {
    fr: 'autre langue',
    en: 'other language',
    why: {
      fr: 'Le texte n’est pas dans la langue annoncée.',
      en: 'The text is not in the language it claims.',
    },
  },
  languages: {
    fr: 'langue non voulue',
    en: 'unwanted language',
    why: {
      fr: 'La langue n’est pas de celles que le corpus garde.',
      en: 'The language is none of those the corpus keeps.',
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
      fr: 'La recette limite cette source ; ce qui dépasse est tiré au sort.',
      en: 'The recipe limits this source; what goes beyond is drawn by lot.',
    },
  },
  pii: {
    fr: 'données personnelles',
    en: 'personal data',
    why: {
      fr: 'Courriels, téléphones, numéros de compte ou de personne sont remplacés par des leurres ; le document reste.',
      en: 'Mail addresses, telephone, account and personal numbers are replaced by decoys; the document stays.',
    },
  },
};

/** What a rule is called; one that is not known here keeps its own name, and says what family it is of. */
export function ruleName(rule: string): RuleName {
  if (Object.hasOwn(rules, rule)) return rules[rule]!;
  return { fr: rule, en: rule, why: { fr: '', en: '' } };
}

/** `français` for `fr`, `code Go` for `code:go`, both names of a pair. */
export function languageName(code: string, language: 'fr' | 'en'): string {
  if (code === '') return '?';
  if (code.startsWith('code:')) return `code ${code.slice(5)}`;
  return code
    .split(/[-,]/)
    .map((one) => (/^[a-z]{2,3}$/.test(one) ? (displayNames[language].of(one) ?? one) : one))
    .join(' – ');
}

const displayNames = {
  fr: new Intl.DisplayNames('fr', { type: 'language' }),
  en: new Intl.DisplayNames('en', { type: 'language' }),
};
