import { licences } from '@lucie/corpus';
import { attributionText, licenceName } from './french-names.ts';
import type { RunFacts } from './run-facts.ts';
import type { Language } from './text.ts';

type Source = RunFacts['corpus']['sources'][number];

/** What Licence Ouverte 2.0 and others ask to be named: the source, its page, its last update, the licence. */
export function attributionList(facts: RunFacts, language: Language): string {
  const [colon, updated] = language === 'fr' ? [' :', 'dernière mise à jour'] : [':', 'last updated'];
  return facts.corpus.sources
    .filter(({ kept, heldOut }) => kept.documents + heldOut.documents > 0)
    .map((source) => {
      const page = source.homepage ? ` — ${source.homepage}` : '';
      const mention = attributionText(source.attribution || source.source, language);
      const date = source.dates.last ? `, ${updated}${colon} ${source.dates.last}` : '';
      return `- **${source.source}**${colon} ${mention}${page}${date}. ${licencesOf(source, facts, language)}.`;
    })
    .join('\n');
}

/** A source's licences by name, each with the address of its text. */
export function licencesOf(source: Source, facts: RunFacts, language: Language): string {
  return source.licences
    .map((id) => {
      const name = licenceName(id, facts.corpus.licences[id]?.name ?? id, language);
      const url = licences[id]?.url;
      return url ? `[${name}](${url})` : name;
    })
    .join(language === 'fr' ? ' ; ' : '; ');
}
