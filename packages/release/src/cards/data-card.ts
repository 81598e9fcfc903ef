import { languageName, licences, ruleName } from '@lucie/corpus';
import { licencesOf } from './attribution.ts';
import { attributionText, licenceName } from './french-names.ts';
import type { ReleaseIdentity } from './model-card.ts';
import type { RunFacts } from './run-facts.ts';
import { amount, type Language, paragraphs, percent, table } from './text.ts';
import { textAvailable } from './text-available.ts';

/** What a source's place of origin is called. */
const originNames: Record<string, Record<Language, string>> = {
  package: { fr: 'paquet', en: 'package' },
  version: { fr: 'version', en: 'version' },
  integrity: { fr: 'empreinte', en: 'integrity' },
  local: { fr: 'dossier', en: 'folder' },
  debian: { fr: 'paquet Debian', en: 'Debian package' },
  hub: { fr: 'jeu de données', en: 'data set' },
  revision: { fr: 'révision', en: 'revision' },
};

/** The `DATA.md` of a release: where every document comes from, under which licence, and what cleaning took out. */
export function dataCard(identity: ReleaseIdentity, facts: RunFacts): string {
  return paragraphs(
    `# Données de ${identity.title}`,
    section(facts, 'fr'),
    '---',
    '# English',
    section(facts, 'en'),
  );
}

function section(facts: RunFacts, language: Language): string {
  const { corpus } = facts;
  const n = (value: number) => amount(value, language);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  return paragraphs(
    textAvailable(facts, language),
    say(
      'Chaque document porte sa licence, sa date, sa langue et sa source.',
      'Every document carries its licence, date, language and source.',
    ),
    say('## Langues', '## Languages'),
    table(
      [say('Langue', 'Language'), say('Part du texte', 'Share of text'), 'Documents', say('Octets', 'Bytes')],
      byShare(corpus.languages).map(([code, { share, documents, bytes }]) => [
        languageName(code, language),
        percent(share, language),
        n(documents),
        n(bytes),
      ]),
    ),
    '## Sources',
    ...corpus.sources.map((source) => sourceText(source, facts, language)),
    absent(facts, language),
    say('## Licences', '## Licences'),
    table(
      [
        say('Licence', 'Licence'),
        say('Part du texte', 'Share of text'),
        say('Attribution', 'Attribution'),
        say('Partage à l’identique', 'Share alike'),
        say('Texte', 'Text'),
      ],
      byShare(corpus.licences).map(([id, licence]) => [
        `${licenceName(id, licence.name, language)} (${id})`,
        percent(licence.share, language),
        licence.attribution ? say('exigée', 'required') : say('non exigée', 'not required'),
        licence.shareAlike ? say('exigé', 'required') : say('non exigé', 'not required'),
        licences[id]?.url ?? '',
      ]),
    ),
    say('## Nettoyage', '## Cleaning'),
    say(
      'Documents lus, refusés par chaque règle, gardés et mis de côté. Les documents refusés restent lisibles, avec la raison, dans `rejected.parquet` du corpus.',
      'Documents read, refused by each rule, kept and held out. Refused documents stay readable, with the reason, in `rejected.parquet` of the corpus.',
    ),
    funnel(facts, language),
  ).trimEnd();
}

function byShare<T extends { share: number }>(entries: Record<string, T>): [string, T][] {
  return Object.entries(entries).sort(([, a], [, b]) => b.share - a.share);
}

function sourceText(
  source: RunFacts['corpus']['sources'][number],
  facts: RunFacts,
  language: Language,
): string {
  const n = (value: number) => amount(value, language);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const { first, last } = source.dates;
  const rows: [string, string][] = [
    ...Object.entries(source.origin).map(([key, value]): [string, string] => [
      originNames[key]?.[language] ?? key,
      `\`${value}\``,
    ]),
    [say('licences', 'licences'), licencesOf(source, facts, language)],
    [say('mention', 'attribution'), attributionText(source.attribution, language)],
    ['page', source.homepage],
    [say('langues', 'languages'), source.languages.map((code) => languageName(code, language)).join(', ')],
    [say('documents', 'documents'), n(source.kept.documents)],
    [say('octets', 'bytes'), n(source.kept.bytes)],
    [say('part du texte', 'share of text'), percent(source.share, language)],
    [say('mis de côté', 'held out'), n(source.heldOut.documents)],
    [say('dates des textes', 'dates of texts'), first === last ? first : `${first} – ${last}`],
    [say('dernière mise à jour', 'last updated'), last],
  ];
  return paragraphs(
    `### ${source.source}`,
    table(
      ['', ''],
      rows.filter(([, value]) => value !== ''),
    ),
  ).trimEnd();
}

/** Sources of the recipe that this corpus does without. */
function absent(facts: RunFacts, language: Language): string {
  const { absent } = facts.corpus;
  if (absent.length === 0) return '';
  const head =
    language === 'fr'
      ? 'La recette nomme aussi ces sources, absentes de ce corpus :'
      : 'The recipe also names these sources, which are absent from this corpus:';
  return `${head}\n\n${absent.map(({ source, why }) => `- **${source}** (${why})`).join('\n')}`;
}

function funnel(facts: RunFacts, language: Language): string {
  const n = (value: number) => amount(value, language);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const used = facts.corpus.rules.filter(({ removed }) => removed.documents > 0).map(({ rule }) => rule);
  return table(
    [
      'Source',
      say('lus', 'read'),
      ...used.map((rule) => ruleName(rule)[language]),
      say('gardés', 'kept'),
      say('mis de côté', 'held out'),
    ],
    facts.corpus.sources.map((source) => [
      source.source,
      n(source.read.documents),
      ...used.map((rule) => n(source.removed[rule]?.documents ?? 0)),
      n(source.kept.documents),
      n(source.heldOut.documents),
    ]),
  );
}
