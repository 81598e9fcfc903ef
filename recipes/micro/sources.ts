import { nano } from '../nano.ts';
import type { Recipe } from '../recipe.ts';

type Source = Recipe['corpus']['sources'][number];

/** Debian packages whose whole text is taken. */
const whole = (...names: string[]): Source[] => names.map((debian) => ({ debian }));

/** French law, administration and labour, English speeches, the declaration in five languages: as in `nano`. */
const official = nano.corpus.sources.filter((source) => 'package' in source);

/**
 * Collective agreements say one thing a hundred times over: of 51 MB so much that they do not set the tone.
 * (docs/decisions/corpus-sources.md)
 */
const agreements: Source = {
  package: '@socialgouv/kali-data',
  version: '3.449.0',
  integrity:
    'sha512-/c+gCo0VJ74onQP0VnSwvrRCqIccm0Nk58SJJOWc+eYrsZKsVwS682NgeWz9rIjNmLAAlwwucwE/3PQdoJqyUA==',
  maxBytes: 30_000_000,
};

/** Stories told in five languages. `wesnoth-1.16-utbs` is not among them: it is kept for evaluation. */
const stories = whole(
  ...'httt trow low nr tsg sof sotbe sota thot ei did l dm dw'
    .split(' ')
    .map((name) => `wesnoth-1.16-${name}`),
  'freeciv-data',
);

/** Manuals that exist in several of the five languages. */
const manuals: Source[] = [
  ...whole('libreoffice-help-fr', 'libreoffice-help-de', 'libreoffice-help-es', 'libreoffice-help-it'),
  ...whole('manpages-fr', 'manpages-fr-dev', 'manpages-de', 'manpages-de-dev', 'manpages-es', 'manpages-it'),
  ...whole('debian-reference-fr', 'debian-reference-de', 'debian-reference-es', 'debian-reference-it'),
  ...whole('lilypond-doc-html-fr', 'lilypond-doc-html-de', 'lilypond-doc-html-es', 'lilypond-doc-html-it'),
  ...whole('developers-reference-fr', 'developers-reference-de', 'developers-reference-it'),
  ...whole('aptitude-doc-fr', 'aptitude-doc-es', 'aptitude-doc-it'),
  ...whole('apache2-doc', 'debian-handbook', 'harden-doc', 'installation-guide-amd64', 'debian-history'),
  ...whole('debian-paketmanagement-buch', 'mplayer-doc', 'drgeo-doc', 'gnome-user-docs', 'evolution-common'),
  ...whole('kmymoney-common', 'krusader', 'kate5-data', 'kturtle', 'calligraplan'),
];

/** What each package of Debian is for: the largest Italian text there is. */
const descriptions: Source[] = [
  { debianDescriptions: 'fr' },
  { debianDescriptions: 'de' },
  { debianDescriptions: 'es' },
  { debianDescriptions: 'it', maxBytes: 14_000_000 },
  { debianDescriptions: 'en', maxBytes: 2_000_000 },
];

const books: Source[] = [
  ...whole('sword-text-sparv', 'fortunes-es', 'fortunes-de'),
  ...whole('golang-github-colinmarc-hdfs-dev', 'golang-github-jdkato-prose-dev', 'dict-devil', 'dict-jargon'),
  { debian: 'sword-text-web', maxBytes: 4_000_000 },
  { debian: 'dict-foldoc', maxBytes: 3_000_000 },
  { debian: 'rust-doc', maxBytes: 2_000_000 },
  { debian: 'git-doc', maxBytes: 2_000_000 },
  { debian: 'python3.11-doc', maxBytes: 3_000_000 },
];

const code: Source[] = [
  { debian: 'golang-1.19-src', maxBytes: 11_000_000 },
  { debian: 'rust-src', maxBytes: 11_000_000 },
  { debian: 'libpython3.11-stdlib' },
  {
    package: 'three',
    version: '0.187.0',
    integrity:
      'sha512-Qiu7R+Cmh8CstZsY1uJOSWnVlfo7ZtNLV7mF8Jltk3LB3AtDu9cRZlcnRKkAk8Y4z6KKw35z7Y7Urd7jWY8etA==',
    maxBytes: 6_000_000,
  },
  {
    package: 'lodash',
    version: '4.18.1',
    integrity:
      'sha512-dMInicTPVE8d1e5otfwmmjlxkZoUpiVLwyeTdUsi/Caj/gfzzblBcCE5sRHV/AsjuCmxWrte2TNGSYuCeCq+0Q==',
  },
  {
    package: 'rxjs',
    version: '7.8.2',
    integrity:
      'sha512-dhKf903U/PQZY6boNNtAGdWbG85WAbjT/1xYoZIC7FAY0yWapOBQVsVrDl58W86//e1VpMNBtRV4MaXfdMySFA==',
  },
  {
    package: '@types/node',
    version: '26.6.6',
    integrity:
      'sha512-MzQj+8Kx3XI40OmUAE6Qoh58ZMNstNNMwn2nfd3qWsfe7nDNSqJNzes4njhz6AHwrSHOffSLwXU6yb474Q4aog==',
  },
];

/** Off Debian what npm has remains: French law and administration, English speeches, some code. */
export const sources: Source[] = [
  ...official,
  agreements,
  ...stories,
  ...manuals,
  ...descriptions,
  ...books,
  ...code,
];

/** Of all bytes, code included: on Debian and off it. */
export const languageShares: Record<string, number> = { fr: 0.4 };
