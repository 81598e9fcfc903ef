import { docbookManual } from '../../kinds/docbook-manual.ts';
import { htmlManual } from '../../kinds/html-manual.ts';
import { manPages } from '../../kinds/man-pages.ts';
import { byCountry, type DebianText, languageIn } from './debian-text.ts';

/** The project's own documents name no other place than the project, which `attribution` names. */
const DEBIAN = '';

/** Which year a version of LibreOffice is of; help files are older than the last rebuild for a security fix. */
const LIBREOFFICE = new Map([
  ['7.4', '2022'],
  ['25.2', '2025'],
]);

const libreOffice = (['fr', 'en-US', 'de', 'es', 'it'] as const).map((name): DebianText => {
  const language = name.slice(0, 2);
  return {
    package: `libreoffice-help-${name.toLowerCase()}`,
    source: `libreoffice-help-${language}`,
    licence: 'MPL-2.0',
    attribution: 'LibreOffice Help, The Document Foundation',
    homepage: 'https://help.libreoffice.org/',
    written: (version) => LIBREOFFICE.get(version.split('.').slice(0, 2).join('.')),
    ...htmlManual({
      files: new RegExp(`^usr/share/libreoffice/help/${name}/text/(?<key>.+)\\.html$`),
      language,
      only: /^<div id="DisplayArea"/,
      skip: /class="(howtoget|relatedtopics|icontable|iconcell|noteicon|tipicon|warningicon|bug|MAC)"/,
    }),
  };
});

const gimp = (['fr', 'en', 'de', 'es', 'it'] as const).map(
  (language): DebianText => ({
    package: `gimp-help-${language}`,
    source: `gimp-help-${language}`,
    licence: 'GFDL-1.2-or-later',
    attribution: 'GIMP User Manual, The GIMP Documentation Team',
    homepage: 'https://docs.gimp.org/',
    ...htmlManual({
      files: new RegExp(
        `^usr/share/gimp/2\\.0/help/${language}/(?!bibliography|legal|glossary|index|ix)(?<key>[^/]+)\\.html$`,
      ),
      language,
      skip: /class="(mediaobject|figure|informalfigure|inlinemediaobject)"/,
    }),
  }),
);

const debianReference = (['fr', 'en', 'de', 'es', 'it'] as const).map(
  (language): DebianText => ({
    package: `debian-reference-${language}`,
    source: `debian-reference-${language}`,
    licence: 'GPL-2.0-or-later',
    attribution: 'Debian Reference, Osamu Aoki and translators',
    homepage: DEBIAN,
    ...htmlManual({
      files: new RegExp(`^usr/share/debian-reference/(?<key>ch\\d+)\\.${language}\\.html$`),
      language,
    }),
  }),
);

const debianEdu = (['fr', 'de', 'es', 'it'] as const).map(
  (language): DebianText => ({
    package: `debian-edu-doc-${language}`,
    source: `debian-edu-${language}`,
    licence: 'GPL-2.0-or-later',
    attribution: 'Debian Edu manual, Debian Edu team and translators',
    homepage: DEBIAN,
    ...htmlManual({
      files: new RegExp(
        `^usr/share/doc/debian-edu-doc-${language}/(?<key>debian-edu-bookworm-manual)\\.html$`,
      ),
      language,
      cut: /<h2 /,
    }),
  }),
);

const lilypond = (['fr', 'de', 'es', 'it'] as const).map(
  (language): DebianText => ({
    package: `lilypond-doc-html-${language}`,
    source: `lilypond-${language}`,
    licence: 'GFDL-1.3-no-invariants-or-later',
    attribution: 'GNU LilyPond documentation, Han-Wen Nienhuys, Jan Nieuwenhuizen and others',
    homepage: 'https://lilypond.org/',
    ...htmlManual({
      files: new RegExp(
        `^usr/share/doc/lilypond/html/Documentation/(?<key>(?:learning|notation|usage|essay|extending|web)/(?!gpl|fdl|gnu-free|index|lilypond-(?:index|command)|.*-big-page)[^/]+)\\.${language}\\.html$`,
      ),
      language,
      only: /^<div id="main"/,
      skip: /^<pre\b|class="(verbatim|lilypond|smallexample|example|menu|footnote)"/,
    }),
  }),
);

const manuals = (['fr', 'de', 'es', 'it'] as const).map(
  (language): DebianText => ({
    package: `manpages-${language}`,
    source: `manpages-${language}`,
    licence: 'GPL-3.0-or-later',
    attribution: 'manpages-l10n, translators of the Linux manual pages',
    homepage: '',
    ...manPages({ under: `usr/share/man/${language}`, language }),
  }),
);

const manualsOfDevelopers = (['fr', 'de'] as const).map(
  (language): DebianText => ({
    package: `manpages-${language}-dev`,
    source: `manpages-${language}-dev`,
    licence: 'GPL-3.0-or-later',
    attribution: 'manpages-l10n, translators of the Linux manual pages',
    homepage: '',
    ...manPages({ under: `usr/share/man/${language}`, language }),
  }),
);

/** Manuals in HTML, DocBook, Mallard, and manual pages. */
export const manualTexts: readonly DebianText[] = [
  ...libreOffice,
  ...gimp,
  ...debianReference,
  ...debianEdu,
  ...lilypond,
  ...manuals,
  ...manualsOfDevelopers,
  {
    package: 'apache2-doc',
    source: 'apache2-doc',
    licence: 'Apache-2.0',
    attribution: 'Apache HTTP Server documentation, The Apache Software Foundation',
    homepage: 'https://httpd.apache.org/docs/',
    ...htmlManual({
      files: /^usr\/share\/doc\/apache2-doc\/manual\/(?<key>.+)\.html$/,
      language: languageIn(/\/manual\/(fr|en|de|es)\/(?!.*(?:quickreference|directives|sitemap))/),
      only: /^<div id="page-content"/,
      skip: /class="(lang-toggle|seealso|top|toplang|bottomlang|retired)"|id="(topics|quickview|comments_section|footer)"/,
    }),
  },
  {
    package: 'debian-handbook',
    source: 'debian-handbook',
    licence: 'GPL-2.0-or-later',
    attribution: 'The Debian Administrator’s Handbook, Raphaël Hertzog and Roland Mas',
    homepage: 'https://debian-handbook.info/',
    ...htmlManual({
      files: /^usr\/share\/doc\/debian-handbook\/html\/(?<key>[^/]+\/[^/]+)\.html$/,
      language: languageIn(/\/html\/([^/]+)\/(?!index|ix|derivative-distributions-list)/, byCountry),
      skip: /id="(banner|title)"|class="(mediaobject|figure)"/,
    }),
  },
  {
    package: 'harden-doc',
    source: 'securing-debian',
    licence: 'GPL-2.0-or-later',
    attribution: 'Securing Debian Manual, Javier Fernández-Sanguino Peña and translators',
    homepage: DEBIAN,
    ...htmlManual({
      files: /^usr\/share\/doc\/harden-doc\/html\/(?<key>[^/]+\/[^/]+)\.html$/,
      language: languageIn(/\/html\/([^/]+)\/(?!index|ix)/, { 'fr-FR': 'fr', 'de-DE': 'de', 'it-IT': 'it' }),
      skip: /id="(banner|title)"/,
    }),
  },
  {
    package: 'installation-guide-amd64',
    source: 'debian-installation-guide',
    licence: 'GPL-2.0-only',
    attribution: 'Debian GNU/Linux Installation Guide, the Debian Installer team',
    homepage: DEBIAN,
    ...htmlManual({
      files: /^usr\/share\/doc\/installation-guide-amd64\/(?<key>[a-z]{2}\/[^/]+)\.html$/,
      language: languageIn(/\/installation-guide-amd64\/([a-z]{2})\/(?!index|appendix-gpl|apf)/),
    }),
  },
  {
    package: 'debian-history',
    source: 'debian-history',
    licence: 'GPL-2.0-or-later',
    attribution: 'A Brief History of Debian, Debian Documentation Team',
    homepage: DEBIAN,
    ...htmlManual({
      files: /^usr\/share\/doc\/debian-history\/docs\/(?<key>(?!index)[\w.-]+\.[a-z]{2})\.html$/,
      language: languageIn(/\.([a-z]{2})\.html$/),
    }),
  },
  {
    package: 'debian-paketmanagement-buch',
    source: 'debian-paketmanagement-buch',
    licence: 'CC-BY-SA-4.0',
    attribution: 'Debian-Paketmanagement, Axel Beckert und Frank Hofmann',
    homepage: 'https://www.dpmb.org/',
    ...htmlManual({
      files: /^usr\/share\/doc\/debian-paketmanagement-buch\/(?<key>[^/]+)\.html$/,
      language: 'de',
      cut: /<h[23] /,
      skip: /id="(toc|footer|header)"|class="(imageblock|colophon|dedication)"/,
    }),
  },
  ...(['fr', 'en', 'de', 'it'] as const).map(
    (language): DebianText => ({
      package: `developers-reference${language === 'en' ? '' : `-${language}`}`,
      source: `developers-reference-${language}`,
      licence: 'GPL-2.0-or-later',
      attribution: 'Debian Developer’s Reference, Developer’s Reference Team',
      homepage: DEBIAN,
      ...htmlManual({
        files:
          language === 'en'
            ? /^usr\/share\/developers-reference\/(?<key>(?!index|search|genindex|developers-reference)[\w-]+)\.html$/
            : new RegExp(
                `^usr/share/developers-reference/${language}/(?<key>(?!index|search|genindex|developers-reference)[\\w-]+)\\.html$`,
              ),
        language,
        only: /^<div [^>]*class="(body|document)"/,
      }),
    }),
  ),
  ...(['fr', 'es', 'it'] as const).map(
    (language): DebianText => ({
      package: `aptitude-doc-${language}`,
      source: `aptitude-doc-${language}`,
      licence: 'GPL-2.0-or-later',
      attribution: 'aptitude user’s manual, Daniel Burrows and translators',
      homepage: '',
      ...htmlManual({
        files: new RegExp(`^usr/share/doc/aptitude/html/${language}/(?<key>(?!index)[^/]+)\\.html$`),
        language,
      }),
    }),
  ),
  {
    package: 'mplayer-doc',
    source: 'mplayer-doc',
    licence: 'GPL-2.0-or-later',
    attribution: 'MPlayer documentation, the MPlayer team',
    homepage: 'http://www.mplayerhq.hu/',
    ...htmlManual({
      files: /^usr\/share\/doc\/mplayer\/HTML\/(?<key>(?:fr|en|de|es|it)\/(?!index|skin)[^/]+)\.html$/,
      language: languageIn(/\/HTML\/([a-z]{2})\//),
    }),
  },
  {
    package: 'drgeo-doc',
    source: 'drgeo-doc',
    licence: 'GFDL-1.2-or-later',
    attribution: 'Dr. Geo manual, Hilaire Fernandes and translators',
    homepage: 'https://www.drgeo.eu/',
    ...htmlManual({
      files: /^usr\/share\/drgeo\/help\/(?<key>(?:fr|es|it)\/(?!contents|index)[^/]+)\.html$/,
      language: languageIn(/\/help\/([a-z]{2})\//),
    }),
  },
  {
    package: 'gnome-user-docs',
    source: 'gnome-help',
    licence: 'CC-BY-SA-3.0',
    attribution: 'GNOME Help, GNOME Documentation Project and translators',
    homepage: 'https://help.gnome.org/',
    ...docbookManual({
      files: /^usr\/share\/help\/(?<key>[^/]+\/(?:gnome-help|system-admin-guide)\/[^/]+)\.page$/,
      language: languageIn(/\/help\/([^/]+)\//, { C: 'en' }),
    }),
  },
  {
    package: 'evolution-common',
    source: 'evolution-help',
    licence: 'CC-BY-SA-3.0',
    attribution: 'Evolution Help, GNOME Documentation Project and translators',
    homepage: 'https://help.gnome.org/users/evolution/',
    ...docbookManual({
      files: /^usr\/share\/help\/(?<key>[^/]+\/evolution\/[^/]+)\.page$/,
      language: languageIn(/\/help\/(fr|de|es|it|C)\//, { C: 'en' }),
    }),
  },
  ...(
    [
      ['kmymoney-common', 'kmymoney-doc', 'KMyMoney handbook', 'https://kmymoney.org/'],
      ['krusader', 'krusader-doc', 'Krusader handbook', 'https://krusader.org/'],
      ['kate5-data', 'kate-doc', 'Kate handbook', 'https://kate-editor.org/'],
      ['kturtle', 'kturtle-doc', 'KTurtle handbook', 'https://edu.kde.org/kturtle/'],
      ['calligraplan', 'calligra-plan-doc', 'Calligra Plan handbook', 'https://calligra.org/plan/'],
    ] as const
  ).map(
    ([name, source, title, homepage]): DebianText => ({
      package: name,
      source,
      // krusader says 1.1, the others 1.2 or later: a text under 1.1 "or any later version".
      licence: name === 'krusader' ? 'GFDL-1.1-or-later' : 'GFDL-1.2-no-invariants-or-later',
      attribution: `${title}, KDE and translators`,
      homepage,
      ...docbookManual({
        files: /^usr\/share\/doc\/HTML\/(?<key>(?:fr|de|es|it|en)\/.+)\.docbook$/,
        language: languageIn(/\/HTML\/([a-z]{2})\//),
      }),
    }),
  ),
  {
    package: 'rust-doc',
    source: 'rust-books',
    licence: 'Apache-2.0',
    attribution: 'The Rust Programming Language and other Rust books, the Rust project',
    homepage: 'https://doc.rust-lang.org/',
    ...htmlManual({
      files:
        /^usr\/share\/doc\/rust-doc\/html\/(?<key>(?:book|reference|nomicon|rust-by-example|embedded-book|edition-guide|rustc|rustdoc)\/(?!.*(?:print|toc|index)\.html)[\w/-]+)\.html$/,
      language: 'en',
      only: /^<main/,
    }),
  },
  {
    package: 'git-doc',
    source: 'git-doc',
    licence: 'GPL-2.0-only',
    attribution: 'Git documentation, the Git project',
    homepage: 'https://git-scm.com/docs',
    ...htmlManual({
      files: /^usr\/share\/doc\/git-doc\/(?<key>(?!index|RelNotes)(?:howto\/|technical\/)?[\w-]+)\.html$/,
      language: 'en',
      skip: /id="(toc|footer)"/,
    }),
  },
  {
    package: 'python3.11-doc',
    source: 'python-doc',
    licence: 'PSF-2.0',
    attribution: 'Python documentation, Python Software Foundation',
    homepage: 'https://docs.python.org/3/',
    ...htmlManual({
      files:
        /^usr\/share\/doc\/python3\.11\/html\/(?<key>(?:tutorial|howto|faq|library|reference|using|extending|distributing|installing)\/(?!index)[\w.-]+)\.html$/,
      language: 'en',
      only: /^<div class="body"/,
    }),
  },
];
