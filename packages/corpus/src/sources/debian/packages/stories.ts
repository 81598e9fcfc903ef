import { dictionary } from '../../kinds/dictionary.ts';
import { fortunes } from '../../kinds/fortunes.ts';
import { gettextMessages } from '../../kinds/gettext-messages.ts';
import { books } from '../../kinds/plain-text.ts';
import { swordBible } from '../../kinds/sword-bible.ts';
import { wesnothCampaign } from '../../kinds/wesnoth-campaign.ts';
import { type DebianText, languages } from './debian-text.ts';

const WESNOTH = 'Battle for Wesnoth, David White and contributors';

/** Campaigns by the package's last syllable; `utbs` (Under the Burning Suns) is kept for evaluation. */
const CAMPAIGNS = 'httt trow low nr tsg sof sotbe sota thot ei did l dm dw tb aoi'.split(' ');

const GUTENBERG = /^(CHAPTER \d+\.|ADVENTURE [IVX]+\.|[IVX]+\. THE ADVENTURE|ETYMOLOGY\.|EXTRACTS|Epilogue)/;

/** Stories, scripture, sayings, games, dictionaries. */
export const storyTexts: readonly DebianText[] = [
  ...CAMPAIGNS.map(
    (name): DebianText => ({
      package: `wesnoth-1.16-${name}`,
      source: `wesnoth-${name}`,
      licence: 'GPL-2.0-or-later',
      attribution: WESNOTH,
      homepage: 'https://www.wesnoth.org/',
      ...wesnothCampaign(languages),
    }),
  ),
  {
    package: 'wesnoth-1.16-data',
    source: 'wesnoth-help',
    licence: 'GPL-2.0-or-later',
    attribution: WESNOTH,
    homepage: 'https://www.wesnoth.org/',
    ...gettextMessages({
      files:
        /\/locale\/(?<language>[a-z]{2})\/LC_MESSAGES\/(?<domain>wesnoth(?:-help|-units|-tutorial)?)\.mo$/,
      languages,
      minimum: 150,
    }),
  },
  {
    package: 'freeciv-data',
    source: 'freeciv',
    licence: 'GPL-2.0-or-later',
    attribution: 'Freeciv, the Freeciv developers and translators',
    homepage: 'https://www.freeciv.org/',
    ...gettextMessages({
      files: /\/locale\/(?<language>[a-z]{2})\/LC_MESSAGES\/(?<domain>freeciv(?:-core|-nations)?)\.mo$/,
      languages,
      minimum: 150,
    }),
  },
  {
    package: 'sword-text-sparv',
    source: 'reina-valera-1909',
    licence: 'LicenseRef-public-domain',
    attribution: 'Biblia Reina-Valera, 1909',
    homepage: 'https://ebible.org/',
    ...swordBible({ language: 'es', date: '1909', title: '' }),
  },
  {
    package: 'sword-text-web',
    source: 'world-english-bible',
    licence: 'LicenseRef-public-domain',
    attribution: 'World English Bible, ebible.org',
    homepage: 'https://ebible.org/',
    ...swordBible({ language: 'en', date: '2015', title: '' }),
  },
  {
    // Of these collections proverbs alone are read: quotations are other people's.
    package: 'fortunes-es',
    source: 'refranes',
    licence: 'LicenseRef-public-domain',
    attribution: 'Refranes y proverbios, Roly Canteros, Javier Fernández-Sanguino (fortunes-es)',
    homepage: '',
    ...fortunes({
      files: /^usr\/share\/games\/fortunes\/es\/(refranes|proverbios)\.fortunes$/,
      language: 'es',
      together: 20,
    }),
  },
  {
    package: 'fortunes-de',
    source: 'sprichwoerter',
    licence: 'GPL-2.0-or-later',
    attribution: 'Sprichwörter, Andreas Tille und andere (fortunes-de)',
    homepage: '',
    ...fortunes({
      files: /^usr\/share\/games\/fortunes\/de\/(sprichworte|regeln|sicherheitshinweise|wusstensie)$/,
      language: 'de',
      together: 10,
    }),
  },
  {
    package: 'golang-github-colinmarc-hdfs-dev',
    source: 'moby-dick',
    licence: 'LicenseRef-public-domain',
    attribution: 'Moby Dick, Herman Melville, 1851',
    homepage: '',
    ...books([
      {
        file: 'usr/share/gocode/src/github.com/colinmarc/hdfs/testdata/mobydick.txt',
        title: 'Moby Dick',
        author: 'Herman Melville',
        language: 'en',
        date: '1851',
        chapter: GUTENBERG,
      },
    ]),
  },
  {
    package: 'golang-github-jdkato-prose-dev',
    source: 'sherlock-holmes',
    licence: 'LicenseRef-public-domain',
    attribution: 'The Adventures of Sherlock Holmes, Arthur Conan Doyle, 1892',
    homepage: '',
    ...books([
      {
        file: 'usr/share/gocode/src/github.com/jdkato/prose/testdata/sherlock.txt',
        title: 'The Adventures of Sherlock Holmes',
        author: 'Arthur Conan Doyle',
        language: 'en',
        date: '1892',
        chapter: GUTENBERG,
      },
    ]),
  },
  {
    package: 'dict-foldoc',
    source: 'foldoc',
    licence: 'GFDL-1.1-or-later',
    attribution: 'Free On-line Dictionary of Computing, Denis Howe',
    homepage: 'https://foldoc.org/',
    ...dictionary({ language: 'en' }),
  },
  {
    package: 'dict-jargon',
    source: 'jargon-file',
    licence: 'LicenseRef-public-domain',
    attribution: 'The Jargon File 4.4.7, Eric S. Raymond',
    homepage: 'http://www.catb.org/jargon/',
    written: () => '2003',
    ...dictionary({ language: 'en' }),
  },
  {
    package: 'dict-devil',
    source: 'devils-dictionary',
    licence: 'LicenseRef-public-domain',
    attribution: 'The Devil’s Dictionary, Ambrose Bierce, 1911',
    homepage: '',
    written: () => '1911',
    ...dictionary({ language: 'en' }),
  },
];
