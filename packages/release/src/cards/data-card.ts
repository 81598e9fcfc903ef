import { licences } from '@lucie/corpus';
import type { ReleaseIdentity } from './model-card.ts';
import type { RunFacts } from './run-facts.ts';
import { amount, type Language, paragraphs, percent, table } from './text.ts';

/** What each rule of the cleaning funnel takes out. */
const rules: Record<string, Record<Language, string>> = {
  unreadable: { fr: 'illisible', en: 'unreadable' },
  language: { fr: 'autre langue', en: 'other language' },
  'too-short': { fr: 'trop court', en: 'too short' },
  'exact-duplicate': { fr: 'doublon exact', en: 'exact duplicate' },
  'near-duplicate': { fr: 'quasi-doublon', en: 'near duplicate' },
  boilerplate: { fr: 'formules répétées', en: 'boilerplate' },
  'source-cap': { fr: 'plafond de la source', en: "source's cap" },
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
  const n = (value: number, digits = 0) => amount(value, language, digits);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  return paragraphs(
    say(
      `${n(corpus.documents.documents)} documents (${n(corpus.documents.bytes)} octets) ont servi à l'entraînement, ${n(corpus.heldOut.documents)} (${n(corpus.heldOut.bytes)} octets) ont été mis de côté par le hachage de leur identifiant et n'ont servi qu'à mesurer. Chaque document porte sa licence, sa date, sa langue et sa source.`,
      `${n(corpus.documents.documents)} documents (${n(corpus.documents.bytes)} bytes) were trained on; ${n(corpus.heldOut.documents)} (${n(corpus.heldOut.bytes)} bytes) were held out by a hash of their ids and only measured on. Every document carries its licence, date, language and source.`,
    ),
    say('## Langues', '## Languages'),
    table(
      [say('Langue', 'Language'), say('Part', 'Share'), 'Documents', say('Octets', 'Bytes')],
      Object.entries(corpus.languages).map(([code, { share, documents, bytes }]) => [
        code,
        percent(share, language),
        n(documents),
        n(bytes),
      ]),
    ),
    '## Sources',
    ...corpus.sources.map((source) => sourceText(source, facts, language)),
    say('## Licences', '## Licences'),
    table(
      [
        say('Licence', 'Licence'),
        say('Part', 'Share'),
        say('Attribution', 'Attribution'),
        say('Partage à l’identique', 'Share alike'),
        say('Texte', 'Text'),
      ],
      Object.entries(corpus.licences).map(([id, licence]) => [
        `${licence.name} (${id})`,
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

function sourceText(
  source: RunFacts['corpus']['sources'][number],
  facts: RunFacts,
  language: Language,
): string {
  const n = (value: number) => amount(value, language);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const { first, last } = source.dates;
  const rows: [string, string][] = [
    ...Object.entries(source.origin).map(([key, value]): [string, string] => [key, `\`${value}\``]),
    [
      say('licences', 'licences'),
      source.licences.map((id) => facts.corpus.licences[id]?.name ?? id).join(' ; '),
    ],
    [say('mention', 'attribution'), source.attribution],
    ['page', source.homepage],
    [say('langues', 'languages'), source.languages.join(', ')],
    [say('documents', 'documents'), n(source.kept.documents)],
    [say('octets', 'bytes'), n(source.kept.bytes)],
    [say('part', 'share'), percent(source.share, language)],
    [say('mis de côté', 'held out'), n(source.heldOut.documents)],
    [say('dates', 'dates'), first === last ? first : `${first} – ${last}`],
  ];
  return paragraphs(
    `### ${source.source}`,
    table(
      ['', ''],
      rows.filter(([, value]) => value !== ''),
    ),
  ).trimEnd();
}

function funnel(facts: RunFacts, language: Language): string {
  const n = (value: number) => amount(value, language);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const used = Object.keys(rules).filter((rule) =>
    facts.corpus.sources.some(({ removed }) => (removed as Record<string, unknown>)[rule] !== undefined),
  );
  return table(
    [
      'Source',
      say('lus', 'read'),
      ...used.map((rule) => rules[rule]![language]),
      say('gardés', 'kept'),
      say('mis de côté', 'held out'),
    ],
    facts.corpus.sources.map((source) => [
      source.source,
      n(source.read.documents),
      ...used.map((rule) =>
        n((source.removed as Record<string, { documents: number }>)[rule]?.documents ?? 0),
      ),
      n(source.kept.documents),
      n(source.heldOut.documents),
    ]),
  );
}
