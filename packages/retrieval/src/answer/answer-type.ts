import { unmask } from './unmask.ts';

/** What would answer a question: a number (of a measure), a day, a time of day, somebody, a place, a reason, a way, a name, yes or no. */
export type AnswerKind =
  | 'number'
  | 'date'
  | 'time'
  | 'person'
  | 'place'
  | 'cause'
  | 'means'
  | 'yes-no'
  | 'other';

export interface ExpectedAnswer {
  kind: AnswerKind;
  /** What a number counts or measures: a key of `MEASURES`, or the folded noun behind `combien de`. */
  measure?: string;
  /** The folded noun behind `quel`: what is asked for (`quelle banque`). */
  focus?: string;
}

const NUMBER =
  '(?:\\d[\\d\\s\\u00a0\\u202f.,]*|(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|(?:quatre-)?vingts?|trente|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|demi|dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|millier|moitie|tiers|quart|double|triple|une?)(?:[ -](?:et[ -])?(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|cents?|mille|millions?|milliards?|demie?))*)';

/** How the values of a measure are written behind their number, folded. Old coins too: a history lesson has them. */
const MEASURES: Record<string, string> = {
  money: '€|euros?|francs?|centimes?|deniers?|sous|livres? (?:tournois|parisis)|ecus?|dollars?|gratuit',
  mass: 'g|kg|mg|t|grammes?|kilos?|kilogrammes?|milligrammes?|tonnes?|quintaux',
  length:
    'm|km|cm|mm|dm|metres?|kilometres?|centimetres?|millimetres?|lieues?|pieds|pouces|toises|dixiemes? de millimetre',
  area: 'm²|m2|km²|km2|ha|hectares?|metres? carres?|kilometres? carres?|ares?|arpents?',
  volume: 'l|ml|cl|dl|hl|m³|m3|litres?|millilitres?|centilitres?|hectolitres?|metres? cubes?|dm3|cm3|cm³',
  duration:
    's|h|min|mn|ms|secondes?|minutes?|heures?|jours?|journees?|semaines?|mois|ans?|annees?|siecles?|trimestres?|nuits?|quart d.heure|demi-heure',
  temperature: '°|°c|degres?|celsius',
  speed: '(?:m|km|metres?|kilometres?)[ ]?(?:/|par|a l.)[ ]?(?:s|h|min|seconde|heure|minute)?',
  share: '%|pour cent|pourcents?|sur (?:cent|dix|deux|trois|quatre)|moitie|tiers|quart|dixieme',
  energy: 'kwh|wh|j|kj|joules?|kilowattheures?|wattheures?|calories?|kcal',
  power: 'w|kw|watts?|kilowatts?|chevaux',
  sound: 'db|decibels?',
  frequency: 'hz|hertz|khz',
  electricity: 'v|a|ma|ka|mv|volts?|amperes?|milliamperes?|ohms?|ω|kω|mω|kiloohms?|megohms?',
  age: 'ans?|annees?|mois',
  concentration: '(?:g|mg|grammes?)[ ]?(?:/|par|pour (?:un|1))[ ]?(?:l|litre)',
};

/** Words of a question that call for a measure. The first that fits counts. */
const ASKS_MEASURE: readonly [RegExp, string][] = [
  [
    /\b(?:euros?|francs?|argent|prix|cout(?:e|er|ait|ent|era|aient)?|coutent|pay(?:e|er|ee|es|ait|aient|ent|era)?|paie(?:nt|ra)?|paye|somme|tarif|salaire|gagn\w+ par (?:mois|jour|semaine|an)|loyer|depens\w+|vendu\w*|rembours\w+|deniers?|recett\w+|benefice|budget|chiffre d'affaires|caution|amende|paye?s?|paies?)\b/,
    'money',
  ],
  [/\bkwh|kilowattheures?|energie/, 'energy'],
  [/\bconcentration\b/, 'concentration'],
  [/\b(?:poids|masse|pes(?:e|er|ait|aient|ent|ee)|grammes?|kilos?|kg|tonnes?)\b/, 'mass'],
  [
    /\b(?:hauteur|longueur|largeur|profondeur|epaisseur|distance|taille|metres?|kilometres?|km|centimetres?|cm|millimetres?|mesur(?:e|ait|aient)|altitude|haut|loin|long(?:ue)?|large|profond)\b/,
    'length',
  ],
  [/\b(?:superficie|surface|aire|hectares?|metres? carres?|m2)\b/, 'area'],
  [/\b(?:litres?|volume|metres? cubes?|m3)\b/, 'volume'],
  [/\b(?:vitesse|vite)\b/, 'speed'],
  [/\b(?:temperature|degres?|chaud|froid)\b/, 'temperature'],
  [/\b(?:decibels?|db)\b/, 'sound'],
  [/\b(?:frequence|hertz|hz)\b/, 'frequency'],
  [/\b(?:puissance|watts?)\b/, 'power'],
  [/\b(?:tension|volts?|intensite|amperes?|resistance|ohms?)\b/, 'electricity'],
  [/\b(?:pourcentage|pour cent|pourcent|proportion|%)/, 'share'],
  [/\b(?:quel age|age de|age avait|age a)\b/, 'age'],
  [
    /\b(?:temps|duree|dur(?:e|er|ait|era|ent)|minutes?|heures?|jours?|mois|annees?|ans|secondes?|semaines?|siecles?|longtemps)\b/,
    'duration',
  ],
];

const HOW_MANY = /\b(?:combien|conbien|combient|conbient|cb|cbien|cmb|kombien)\b/;
const MONTHS = 'janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre';
const DAYS = 'lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche';
const YEAR = '\\b(?:1[0-9]{3}|20[0-9]{2}|[5-9]\\d{2})\\b';

const CAUSE =
  /\b(?:pourquoi|pk|pq|pkoi|pourkoi|prk|prq|a cause de quoi|(?:quel|kel)(?:le)?s? (?:rais+ons?|cause|motif)|comment (?:ca )?se fait|comment ca se fait|dans quel but)\b/;
const DATE_ASKED =
  /^(?:et |mais )?(?:c'est |depuis |jusqu'a )?(?:quand|kan|kand|qd)\b|\b(?:quand|kan|kand|qd)\s*\??$|\b(?:(?:quel|kel|qu'el)(?:le)?s? (?:annees?|jours?|dates?|mois|saison|siecle|epoque))\b/;
const WHO =
  /^(?:et |mais )?(?:(?:a|de|par|avec|chez|pour|c'est|contre) )?qui\b|\bqui est-ce qui\b|\bc'est qui\b|\bqui (?:etaient|etait|est|sont) (?:les?|la|l'|ce)/;

/** What would answer the question, by its question words, as written or in pupils' short forms. */
export function expectedAnswer(question: string): ExpectedAnswer {
  const text = unmask(question);
  if (/^pourquoi\b/.test(text) || CAUSE.test(text)) return { kind: 'cause' };
  if (/\b(?:quelle|kelle|kel|quel) heure/.test(text)) return { kind: 'time' };
  const counted = new RegExp(`${HOW_MANY.source} (?:de |d ?'|d )?([a-z]{3,})`).exec(text)?.[1];
  if (HOW_MANY.test(text)) return numberAsked(text, counted);
  if (DATE_ASKED.test(text)) return { kind: 'date' };
  const asked =
    /\b(?:quel(?:le)?s?|kel(?:le)?s?|qu'elles?)\s+(?:est |etait |sont |etaient |sera |a ete |fut )?(?:l[ae]s? |l'|une? |ses? |sa |son |leur |notre )?([a-z]{3,})/.exec(
      text,
    )?.[1];
  if (asked && /^(?:raison|cause|motif|origine|but|pourquoi)/.test(asked)) return { kind: 'cause' };
  const measure = asked ? ASKS_MEASURE.find(([pattern]) => pattern.test(asked))?.[1] : undefined;
  if (asked && measure) return { kind: 'number', measure, focus: asked };
  if (
    asked &&
    /^(?:endroit|lieu|ville|pays|region|village|salle|piece|rue|port|continent|etage|batiment)s?$/.test(asked)
  )
    return { kind: 'place', focus: asked };
  if (WHO.test(text)) return { kind: 'person' };
  if (/\b(?:s'appelle|se nomme|s'apelle|sapelle|quel est le nom|nom de|prenom)/.test(text))
    return { kind: 'person', ...(asked ? { focus: asked } : {}) };
  if (
    /^(?:et )?(?:d'|jusqu'|par |vers )?ou\b|[,.;:!?] ?(?:d'|jusqu'|et )?ou (?:est|se|faut|sont|doit|dois|va|peut|a|les|la|le|on|il|elle|ont|trouve)|\bou\s*\??$|\bou est\b|\bou (?:faut|se trouve|doit|dois-je|puis-je|peut-on)/.test(
      text,
    )
  )
    return { kind: 'place' };
  if (/^(?:et )?(?:est[- ]ce qu|es[- ]ce qu)|\?.*\boui ou non\b/.test(text)) return { kind: 'yes-no' };
  if (/\b(?:appelle|apelle|nomme)-?t?[- ]on\b|\bon (?:appelle|apelle|nomme)\b/.test(text))
    return { kind: 'other' };
  if (
    /\b(?:comment|coment|cmt|comen|de quelle (?:maniere|facon)|avec quoi|par quel moyen|grace a quoi|a quoi (?:sert|servait|servent|voit))\b/.test(
      text,
    )
  )
    return { kind: 'means' };
  return asked ? { kind: 'other', focus: asked } : { kind: 'other' };
}

function numberAsked(text: string, counted: string | undefined): ExpectedAnswer {
  const own = counted && ASKS_MEASURE.find(([pattern]) => pattern.test(counted))?.[1];
  if (own) return { kind: 'number', measure: own, focus: counted };
  // `combien de poules` counts hens; `combien pesait` and `il coûte combien` measure.
  if (counted && new RegExp(`${HOW_MANY.source} (?:de |d ?'|d )`).test(text))
    return { kind: 'number', measure: counted, focus: counted };
  const any = ASKS_MEASURE.find(([pattern]) => pattern.test(text))?.[1];
  return any ? { kind: 'number', measure: any } : { kind: 'number' };
}

/**
 * How well a text offers what is asked: 1 as asked (`17 kg` for a mass), 0.5 for the right kind without the measure,
 * 0 for nothing of the kind; what stands in `question` itself does not count; undefined when nothing can be told from the question (kind `other`, `yes-no`).
 */
export function offersAnswer(expected: ExpectedAnswer, text: string, question = ''): number | undefined {
  const asked = unmask(question);
  // What the question says itself is no answer to it.
  const plain = unmask(text).replace(/\d+(?:[.,]\d+)?/g, (digits) =>
    hasNumber(asked, digits) ? ' ' : digits,
  );
  const others = names(text).filter((name) => !asked.includes(unmask(name)));
  const has = (pattern: string) => new RegExp(pattern).test(plain);
  switch (expected.kind) {
    case 'number': {
      const { measure } = expected;
      if (!measure) return has(`\\b${NUMBER}\\b`) ? 1 : 0;
      const written = MEASURES[measure];
      if (written)
        return has(`(?:\\b${NUMBER}|\\d)\\s?(?:${written})(?![a-z])`) || columnMeasures(plain, written)
          ? 1
          : has('\\d')
            ? 0.25
            : 0;
      const stem = measure.replace(/(?:e?s|x)$/, '');
      if (has(`\\b${NUMBER}(?: (?:de |d')?[a-z'-]+){0,2} ${stem}`) || has(`\\b${NUMBER} ${stem}`)) return 1;
      return has(`\\b${stem}`) && has(`\\b${NUMBER}`) ? 0.5 : has('\\d') ? 0.25 : 0;
    }
    case 'date':
      return has(`\\b(?:${MONTHS})\\b|${YEAR}`)
        ? 1
        : has(`\\b(?:${DAYS}|siecle|printemps|automne|hiver|veille|lendemain)\\b`)
          ? 0.75
          : 0;
    case 'time':
      return has('\\b\\d{1,2} ?(?:h|heures?)\\b|\\bmidi\\b|\\bminuit\\b') ? 1 : 0;
    case 'person':
      return others.length > 0
        ? 1
        : has(
              '\\b(?:maire|prefet|comte|roi|reine|eleves?|classe|professeure?|garde|boulanger|pretre|abbe|moines?|femmes?|hommes?|habitants?)\\b',
            )
          ? 0.5
          : 0;
    case 'place':
      return others.length > 0 && has('\\b(?:a|au|aux|en|dans|sur|sous|pres|chez|vers)\\b')
        ? 1
        : has(
              '\\b(?:dans|sur|sous|devant|derriere|pres|chez|vers|entre) (?:l|d|un|son|sa|ses|le|la|les|leur|notre)',
            )
          ? 0.75
          : 0.25;
    case 'cause':
      return has(
        "\\b(?:parce qu|car\\b|puisqu|grace a|a cause d|afin d|afin qu|pour (?:que|ne|eviter|[a-z]+(?:er|ir|re)\\b)|en raison|faute d|comme\\b|si bien|de sorte|c'est pourquoi|donc\\b|ainsi\\b|provoqu|entrain|explique|en effet|raison|cause|due? a\\b|d'ou\\b|sinon|de peur|de crainte|permet|evite|empeche)|:",
      )
        ? 1
        : 0.25;
    case 'means':
      return has(
        "\\b(?:en [a-z]+ant|grace a|avec|au moyen|a l'aide|par|a pied|a velo|sert|servait|permet)\\b",
      )
        ? 1
        : 0.25;
    case 'yes-no':
    case 'other':
      return undefined;
  }
}

function hasNumber(text: string, digits: string): boolean {
  return new RegExp(`(?<![\\d.,])${digits.replace('.', '\\.')}(?![\\d])`).test(text);
}

/** A table gives its measure in the head: `Masse restante (g)`, `Prix en euros`. */
function columnMeasures(plain: string, written: string): boolean {
  return (
    new RegExp(`[(\\[](?:en )?(?:${written})[)\\]]|\\ben (?:${written})(?![a-z])`).test(plain) &&
    /\d/.test(plain)
  );
}

/** Proper names of a text: capitalised words that do not begin a sentence, cell or item. */
export function names(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(
    /(?<![.!?…«»|\n–—-]\s*|^\s*|\p{L}|\p{N})(?:[ldnsjmtc]|qu)?['’]?(\p{Lu}[\p{L}\p{M}]+(?:-\p{Lu}[\p{L}\p{M}]+)*)/gu,
  )) {
    found.push(match[1]!);
  }
  return found;
}
