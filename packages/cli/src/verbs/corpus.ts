import { Command } from 'commander';
import { corpusBuildVerb } from './corpus-build.ts';
import { corpusOptOutVerb } from './corpus-opt-out.ts';
import { corpusReportVerb } from './corpus-report.ts';
import { corpusWhatIfVerb } from './corpus-what-if.ts';

/** `lucie corpus …`: what a model is trained on. */
export function corpusVerb(): Command {
  const verb = new Command('corpus').description(
    'what a model is trained on: where it comes from, what was left out',
  );
  for (const child of [corpusBuildVerb(), corpusReportVerb(), corpusWhatIfVerb(), corpusOptOutVerb()])
    verb.addCommand(child);
  return verb;
}
