import { Random } from '@lucie/ledger';
import type { PiiKind } from '../src/pii/kinds.ts';

/** A made-up document that holds one value, and where. */
export interface Planted {
  kind: PiiKind;
  language: string;
  text: string;
  start: number;
  end: number;
}

/** Sentences around a value; those of `phone` speak of calling, as people do, in three cases of four. */
const carriers: Record<string, { any: string[]; phone: string[] }> = {
  fr: {
    any: [
      'Voici la référence : {}.',
      '{}',
      '{} est à retenir.',
      'Merci de noter {}, puis de signer.',
      '(voir {})',
      'Dossier reçu le 12 mars 2016 ({}) par le greffe.',
      '- {}\n- 3 annexes',
      'Le 3 mai, elle a donné {} ; il a répondu.',
      'Coordonnées\n{}\nParis',
      '« {} »',
    ],
    phone: [
      'Tél. : {}',
      'Appelez-moi au {} avant 18 heures.',
      'Téléphone {}',
      'Vous pouvez joindre Mme Durand au {}.',
      'Fax: {}',
      'Portable : {}, de préférence le soir.',
      'Son numéro est le {}.',
      'Mme Durand, {}',
      'Tél.{}',
      'tél:{}',
      'Cabinet, {} 75011 Paris',
      'Écrire ou appeler ({}), puis attendre.',
      'Au {} ou au 112.',
      'Mme Durand ({}), M. Petit (absent)',
      '{} (Julie)',
      'Jean\n{}\n75011 Paris',
    ],
  },
  en: {
    any: [
      'Please keep {} at hand.',
      '{}',
      'The reference is {}.',
      'Reply to {} before 5 March 2016.',
      '({})',
      'Name, {}, town',
      'It was {}; nobody knew.',
      '- {}\n- two more',
    ],
    phone: [
      'Call me on {} tonight.',
      'Phone: {}',
      'Tel. {}',
      'Mobile: {}',
      'You can ring {} at any time.',
      'My cell is {}.',
      'John Smith, {}',
      'Office ({}), second floor',
      'Tel:{}, ext. 12',
      '{} (Julia)',
    ],
  },
  de: {
    any: [
      'Bitte notieren Sie {} sofort.',
      '{}',
      'Die Angabe lautet {}.',
      'Vermerk vom 12.03.2016 ({}) liegt bei.',
      'Name, {}, Ort',
      '- {}\n- zwei Anlagen',
    ],
    phone: [
      'Tel.: {}',
      'Rufen Sie mich unter {} an.',
      'Telefon {}',
      'Mobil: {}',
      'Fax {}',
      'Handy: {}, abends',
      'Erika Muster, {}',
      'Büro ({}), zweiter Stock',
      'Tel.:{}',
      '{} (Julia)',
    ],
  },
  es: {
    any: [
      'Anote {} por favor.',
      '{}',
      'La referencia es {}.',
      'Escrito del 12 de marzo de 2016 ({}) recibido.',
      'Nombre, {}, ciudad',
      '- {}\n- dos anexos',
    ],
    phone: [
      'Tel.: {}',
      'Llámame al {} esta tarde.',
      'Teléfono {}',
      'Móvil: {}',
      'Fax {}',
      'WhatsApp: {}, por la noche',
      'Ana García, {}',
      'Oficina ({}), segundo piso',
      'Tel.:{}',
      '{} (Julia)',
    ],
  },
  it: {
    any: [
      'Prego annotare {} subito.',
      '{}',
      'Il riferimento è {}.',
      'Nota del 12 marzo 2016 ({}) ricevuta.',
      'Nome, {}, città',
      '- {}\n- due allegati',
    ],
    phone: [
      'Tel.: {}',
      'Chiamami al {} stasera.',
      'Telefono {}',
      'Cellulare: {}',
      'Fax {}',
      'Cell. {}, la sera',
      'Anna Rossi, {}',
      'Ufficio ({}), secondo piano',
      'Tel.:{}',
      '{} (Giulia)',
    ],
  },
};
const languages = Object.keys(carriers);

/** The same planted documents for the same seed: `count` of one kind, in five languages and many ways of writing. */
export function plant(kind: PiiKind, count: number, seed: number): Planted[] {
  const random = new Random(seed, `planted ${kind}`);
  return Array.from({ length: count }, (_, i) => {
    const language =
      kind === 'siret' || kind === 'siren' || kind === 'nir'
        ? pick(random, ['fr', 'fr', 'fr', 'en', 'de'])
        : languages[i % 5]!;
    const value = values[kind](random, language);
    const { any, phone } = carriers[language]!;
    const carrier =
      kind === 'siren'
        ? pick(random, ['SIREN : {}', 'n° SIREN {}.', 'Siren {}, Paris', '(siren n° {})'])
        : pick(random, kind === 'phone' ? phone : any);
    const lead = pick(random, ['', '', 'Objet : dossier 2016-1088.\n', 'Art. L. 1234-5. ', 'Hello, ']);
    const [before, after] = carrier.split('{}') as [string, string];
    const start = lead.length + before.length;
    return { kind, language, text: `${lead}${before}${value}${after}`, start, end: start + value.length };
  });
}

type Maker = (random: Random, language: string) => string;

const values: Record<PiiKind, Maker> = {
  email: (random) => {
    const name = pick(random, [
      'jean',
      'm.leroy',
      'anne-marie.petit',
      'j_smith',
      'hans.mueller',
      'info',
      'contact',
      'x',
      'Garcia.Lopez',
      'rossi1975',
      'élodie',
      'user+news',
    ]);
    const host = pick(random, [
      'orange.fr',
      'gmail.com',
      'univ-lille.fr',
      'web.de',
      'firma-muster.de',
      'empresa.es',
      'studio.rossi.it',
      'bbc.co.uk',
      'mail.example-shop.fr',
      'café-du-nord.fr',
      'ville-paris.paris',
      'asso.org',
      'laposte.net',
      'swiss.ch',
      'entreprise.be',
    ]);
    const address = `${name}${random.below(3) === 0 ? random.below(2000) : ''}@${host}`;
    return random.below(10) === 0
      ? address.toUpperCase()
      : random.below(20) === 0
        ? address.replace('@', ' [at] ')
        : address;
  },
  iban: (random, language) => {
    const country = pick(random, [
      ...({
        fr: ['FR', 'BE', 'CH', 'LU'],
        en: ['GB', 'IE'],
        de: ['DE', 'AT', 'CH'],
        es: ['ES'],
        it: ['IT', 'CH'],
      }[language] as string[]),
      'FR',
      'PT',
      'NL',
    ]);
    const body = {
      FR: 'n10 c11 n2',
      BE: 'n12',
      CH: 'n5 c12',
      LU: 'n3 c13',
      GB: 'a4 n14',
      IE: 'a4 n14',
      DE: 'n18',
      AT: 'n16',
      ES: 'n20',
      IT: 'a1 n10 c12',
      PT: 'n21',
      NL: 'a4 n10',
    }[country]!;
    const bban = body
      .split(' ')
      .map((part) => characters(random, part[0]!, Number(part.slice(1))))
      .join('');
    const whole = BigInt([...`${bban}${country}00`].map((char) => Number.parseInt(char, 36)).join(''));
    const iban = `${country}${`${98n - (whole % 97n)}`.padStart(2, '0')}${bban}`;
    const style = random.below(5);
    if (style === 0) return iban;
    if (style === 4) return iban.toLowerCase();
    return iban.replace(/.{4}(?=.)/g, `$&${pick(random, [' ', '\u00a0', '-', '\u202f'])}`);
  },
  ip: (random) => {
    if (random.below(3) > 0) {
      const first = pick(random, [2, 5, 37, 51, 78, 80, 82, 86, 90, 109, 128, 145, 176, 185, 193, 212, 217]);
      return `${first}.${20 + random.below(230)}.${random.below(256)}.${1 + random.below(254)}`;
    }
    const hex = () => random.below(0x10000).toString(16);
    const head = pick(random, ['2a01', '2a02', '2001', '2607', '2a00', '2003']);
    const full = random.below(2) === 0;
    const address = full
      ? [head, ...Array.from({ length: 7 }, hex)].join(':')
      : `${head}:${(0xe00 + random.below(200)).toString(16)}:${hex()}::${hex()}`;
    return random.below(4) === 0 ? address.toUpperCase() : address;
  },
  nir: (random) => {
    const corsica = random.below(20) === 0;
    const department = corsica
      ? pick(random, ['2A', '2B'])
      : `${1 + random.below(95)}`.padStart(2, '0').replace('20', '75');
    const parts = [
      `${1 + random.below(2)}`,
      digits(random, 2),
      `${1 + random.below(12)}`.padStart(2, '0'),
      department,
      `${1 + random.below(500)}`.padStart(3, '0'),
      `${1 + random.below(800)}`.padStart(3, '0'),
    ];
    const number = BigInt(parts.join('').replace('2A', '19').replace('2B', '18'));
    const key = `${97n - (number % 97n)}`.padStart(2, '0');
    const style = random.below(5);
    const gap = pick(random, [' ', '\u00a0', '.', '-', '\u202f']);
    if (style === 0) return parts.join('') + key;
    if (style === 1) return `${parts.join('')}${pick(random, [' ', ' / ', ' clé ', '-'])}${key}`;
    return [...parts, key].join(gap);
  },
  siret: (random) => {
    const company = withLuhn(`${3 + random.below(6)}${digits(random, 7)}`);
    const number = withLuhn(`${company}000${random.below(9)}`).padEnd(14, '0');
    const place = number.endsWith('00000') ? withLuhn(`${company}0001`) : number;
    const gap = pick(random, [' ', '\u00a0', '.', '\u202f', '-']);
    const [a, b, c, d] = [place.slice(0, 3), place.slice(3, 6), place.slice(6, 9), place.slice(9)];
    return pick(random, [
      place,
      [a, b, c, d].join(gap),
      `${a}${b}${c}${gap}${d}`,
      [a, b, c, d!.slice(0, 2), d!.slice(2)].join(gap),
    ]);
  },
  siren: (random) => {
    const company = withLuhn(`${3 + random.below(6)}${digits(random, 7)}`);
    return random.below(2)
      ? company
      : company.replace(/.{3}(?=.)/g, `$&${pick(random, [' ', '\u00a0', '.'])}`);
  },
  card: (random) => {
    const [prefix, length] = pick(random, [
      ['4', 16],
      ['4', 16],
      ['4', 19],
      ['4', 13],
      ['51', 16],
      ['55', 16],
      ['2221', 16],
      ['2720', 16],
      ['34', 15],
      ['37', 15],
      ['36', 14],
      ['6011', 16],
      ['3530', 16],
    ] as [string, number][]);
    const number = withLuhn(prefix + digits(random, length - prefix.length - 1));
    const gap = pick(random, [' ', '-', '\u00a0']);
    if (random.below(3) === 0 || length === 13) return number;
    if (length === 15) return `${number.slice(0, 4)}${gap}${number.slice(4, 10)}${gap}${number.slice(10)}`;
    if (length === 14) return `${number.slice(0, 4)}${gap}${number.slice(4, 10)}${gap}${number.slice(10)}`;
    return number.replace(/.{4}(?=.)/g, `$&${gap}`);
  },
  phone: (random, language) => {
    const country = pick(
      random,
      {
        fr: ['FR', 'FR', 'FR', 'BE', 'CH'],
        en: ['GB', 'US'],
        de: ['DE', 'DE', 'CH'],
        es: ['ES'],
        it: ['IT', 'IT', 'CH'],
      }[language] as string[],
    );
    const { code, trunk, forms } = plans[country]!;
    const national = pick(random, forms).replace(/[a-z]/g, (char) =>
      char === 'n' ? `${2 + random.below(8)}` : `${random.below(10)}`,
    );
    const gap = pick(random, [' ', ' ', '.', '-', '\u00a0', '\u202f']);
    const grouped = (number: string) => number.replaceAll(' ', gap);
    const style = random.below(8);
    if (style === 0) return `+${code}${gap}${grouped(national)}`;
    if (style === 1 && trunk) return `+${code} (0)${grouped(national)}`;
    if (style === 2) return `+${code}${national.replaceAll(' ', '')}`;
    if (style === 3) return `00${code} ${grouped(national)}`;
    if (style === 4 && country === 'FR') return trunk + national.replaceAll(' ', '');
    if (style === 5 && country === 'US')
      return `(${national.slice(0, 3)}) ${national.slice(4).replace(' ', '-')}`;
    if (style === 5 && country === 'DE') return `${trunk}${national.replace(' ', '/')}`;
    return trunk + grouped(country === 'ES' && gap === '.' ? national.replaceAll(' ', '-') : national);
  },
};

/** Parts of the national plans that are in use: `x` any digit, `n` 2 to 9, without the trunk prefix. */
const plans: Record<string, { code: string; trunk: string; forms: string[] }> = {
  FR: {
    code: '33',
    trunk: '0',
    forms: [
      '1 4x xx xx xx',
      '2 3x xx xx xx',
      '3 8x xx xx xx',
      '4 7x xx xx xx',
      '5 5x xx xx xx',
      '6 1x xx xx xx',
      '6 7x xx xx xx',
      '7 8x xx xx xx',
      '9 5x xx xx xx',
    ],
  },
  BE: {
    code: '32',
    trunk: '0',
    forms: ['2 5xx xx xx', '3 2xx xx xx', '475 xx xx xx', '486 xx xx xx', '71 xx xx xx'],
  },
  CH: {
    code: '41',
    trunk: '0',
    forms: ['44 6xx xx xx', '22 3xx xx xx', '31 3xx xx xx', '79 xxx xx xx', '76 3xx xx xx'],
  },
  DE: {
    code: '49',
    trunk: '0',
    forms: [
      '30 nxxxxxxx',
      '89 nxxxxxx',
      '221 nxx xx xx',
      '40 nxx xxx xx',
      '170 nxxxxxx',
      '151 nxxxxxxx',
      '351 nxxxxxx',
    ],
  },
  GB: {
    code: '44',
    trunk: '0',
    forms: ['20 7nxx xxxx', '161 nxx xxxx', '1223 nxxxxx', '7912 nxxxxx', '7500 nxx xxx'],
  },
  US: { code: '1', trunk: '', forms: ['212 nnn xxxx', '415 nnn xxxx', '312 nnn xxxx'] },
  ES: { code: '34', trunk: '', forms: ['61n xxx xxx', '91 nxx xx xx', '93n xx xx xx', '65n xx xx xx'] },
  IT: {
    code: '39',
    trunk: '',
    forms: ['06 nxxx xxxx', '02 nxxxxxx', '055 nxx xxx', '347 nxx xxxx', '333 nxxxxxx', '320 nx xx xxx'],
  },
};

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('');
}

function characters(random: Random, kind: string, count: number): string {
  const alphabet = {
    n: '0123456789',
    a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    c: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  }[kind]!;
  return Array.from({ length: count }, () => alphabet[random.below(alphabet.length)]).join('');
}

/** With the digit that makes Luhn's sum divisible by ten. */
function withLuhn(body: string): string {
  const sum = [...body].reverse().reduce((total, char, i) => {
    const doubled = i % 2 === 0 ? Number(char) * 2 : Number(char);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}
