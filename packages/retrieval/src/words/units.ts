/** What signs and abbreviations of measures are called when they are written out, singular. */
const SIGNS = new Map<string, string>(
  Object.entries({
    '%': 'pourcentage',
    '€': 'euro',
    '°': 'degré',
    '°c': 'degré',
    '°f': 'degré',
    db: 'décibel',
    kwh: 'kilowattheure',
    wh: 'wattheure',
    km: 'kilomètre',
    dm: 'décimètre',
    cm: 'centimètre',
    mm: 'millimètre',
    kg: 'kilogramme',
    kilo: 'kilogramme',
    kilos: 'kilogramme',
    mg: 'milligramme',
    hl: 'hectolitre',
    cl: 'centilitre',
    dl: 'décilitre',
    ml: 'millilitre',
    hz: 'hertz',
    ha: 'hectare',
    'm²': 'mètre',
    'm³': 'mètre',
    m2: 'mètre',
    m3: 'mètre',
  }),
);

/** Letters that stand for a measure only behind a number: elsewhere `m` is M. or m', `l` is l'. Small and large differ. */
const BEHIND_NUMBERS = new Map<string, string>(
  Object.entries({
    m: 'mètre',
    g: 'gramme',
    l: 'litre',
    L: 'litre',
    h: 'heure',
    s: 'seconde',
    t: 'tonne',
    W: 'watt',
    V: 'volt',
    A: 'ampère',
    N: 'newton',
    kW: 'kilowatt',
    kw: 'kilowatt',
    min: 'minute',
    mn: 'minute',
    sec: 'seconde',
  }),
);

/** The measure that a sign names, written out; undefined for any other word. */
export function unitName(word: string, afterNumber: boolean): string | undefined {
  return SIGNS.get(word.toLowerCase()) ?? (afterNumber ? BEHIND_NUMBERS.get(word) : undefined);
}
