/** Names where the package's French translation is old, foreign or ambiguous, by ISO 3166-1 alpha-3. */
const NAMES = new Map<string, string>([
  ['ALA', 'Îles Åland'],
  ['COD', 'République démocratique du Congo'],
  ['COG', 'République du Congo'],
  ['CPV', 'Cap-Vert'],
  ['ESH', 'Sahara occidental'],
  ['HMD', 'Îles Heard-et-MacDonald'],
  ['NGA', 'Nigeria'],
  ['PLW', 'Palaos'],
  ['SAU', 'Arabie saoudite'],
  ['SGS', 'Géorgie du Sud-et-les-îles Sandwich du Sud'],
  ['STP', 'Sao Tomé-et-Principe'],
  ['SUR', 'Suriname'],
  ['SWZ', 'Eswatini'],
  ['SXM', 'Sint Maarten'],
  ['VAT', 'Vatican'],
  ['VNM', 'Viêt Nam'],
]);

const codes = (text: string) => new Set(text.split(' '));
/** Names that take no article: Cuba, Israël. */
const BARE = codes(
  'ABW AIA ATG BHR BLM CUB CUW CYP DJI GIB GUM GGY HKG HTI ISR JEY KIR KNA LCA MAC MAF MCO MDG MLT MSR MYT NIU NRU OMN PRI SGP SHN SJM SMR SPM STP SXM TKL TTO TUV TWN VCT WLF',
);
const PLURAL = codes(
  'ALA ARE ASM ATF BES BHS BMU CCK COK COM CYM FJI FLK FRO HMD MDV MHL MNP NLD PCN PHL PLW SLB SYC TCA TON UMI USA VGB VIR WSM',
);
/** Feminine though the name does not end in a mute e, and masculine though it does. */
const FEMININE = codes('COD COG PRK KOR MKD ZAF GNB SGS BVT CXR IMN MUS NFK REU');
const MASCULINE = codes('ATA BLZ KHM MEX MOZ SUR ZWE');
/** Islands that one is "à la" and not "en". */
const ISLANDS = codes('BRB DMA GRD REU');

/** A country's name with the words that French puts before it. */
export interface FrenchName {
  name: string;
  /** `la France`, `l'Égypte`, `les États-Unis`, `Cuba`. */
  the: string;
  /** `de la France`, `d'Israël`, `du Japon`, `des Pays-Bas`. */
  of: string;
  /** `en France`, `au Japon`, `aux Pays-Bas`, `à Cuba`. */
  in: string;
  plural: boolean;
}

/** @param translation - the package's French name, used where none of ours is better. */
export function frenchName(code: string, translation: string): FrenchName {
  const name = NAMES.get(code) ?? translation;
  // "les îles Cook": a common noun inside a sentence.
  const inside = name.replace(/^Île(s?)\b/u, (_whole, s: string) => `île${s}`);
  // A mute h counts: d'Haïti, but la Hongrie.
  const vowel = /^([aeiouàâäéèêëîïôöûü]|haï)/i.test(inside);
  if (BARE.has(code)) {
    const preposition = code === 'ISR' || code === 'HTI' ? 'en' : 'à';
    return {
      name,
      the: name,
      of: `${vowel ? "d'" : 'de '}${name}`,
      in: `${preposition} ${name}`,
      plural: false,
    };
  }
  if (PLURAL.has(code)) {
    return { name, the: `les ${inside}`, of: `des ${inside}`, in: `aux ${inside}`, plural: true };
  }
  const feminine = FEMININE.has(code) || (/e$/.test(name) && !MASCULINE.has(code));
  if (vowel) {
    const island = inside.startsWith('île');
    return {
      name,
      the: `l'${inside}`,
      of: `de l'${inside}`,
      in: `${island ? "à l'" : 'en '}${inside}`,
      plural: false,
    };
  }
  return feminine
    ? {
        name,
        the: `la ${name}`,
        of: `de la ${name}`,
        in: `${ISLANDS.has(code) ? 'à la' : 'en'} ${name}`,
        plural: false,
      }
    : { name, the: `le ${name}`, of: `du ${name}`, in: `au ${name}`, plural: false };
}
