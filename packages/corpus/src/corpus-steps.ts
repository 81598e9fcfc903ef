import { applyStep } from './apply/apply-step.ts';
import { boilerplateStep } from './boilerplate/boilerplate-step.ts';
import { linesStep } from './boilerplate/lines-step.ts';
import { type RuledSource, readStep } from './clean/read-step.ts';
import { createRules } from './clean/rules/create-rules.ts';
import { listsHash } from './clean/rules/lists-hash.ts';
import { type RulesOptions, rulesShape } from './clean/rules/rules-shape.ts';
import { contaminationStep } from './contamination/contamination-step.ts';
import { duplicateSteps, finalPass } from './duplicates/index.ts';
import { parallelRules, selectStep, writeStep } from './mix/index.ts';
import { fallenByUnitStep } from './opt-out/by-unit-step.ts';
import { fallenStep } from './opt-out/fallen-step.ts';
import { optOutStep } from './opt-out/opt-out-step.ts';
import type { CorpusOptions, SourceOption } from './options.ts';
import { createPii } from './pii/pii.ts';
import { reportStep } from './report/report-step.ts';
import { openSource } from './sources/open-source.ts';
import type { Step } from './steps/step.ts';
import type { WorkOrder } from './steps/worker-pool.ts';

/** Where a corpus finds its sources, and what its report is called. */
export interface CorpusEnvironment {
  cacheDir: string;
  /** The recipe's name. */
  name: string;
}

/** Every step of a corpus, in order: from sources to the report. */
export function corpusSteps(options: CorpusOptions, { cacheDir, name }: CorpusEnvironment): Step[] {
  const sources = options.sources.map((option) => ({ option, ...ruledSource(option, options, cacheDir) }));
  const { seed, heldOutFraction, mix } = options;
  const minimumCharacters = Object.fromEntries(
    sources.map(({ option, source }) => [source.source, rulesOf(option, options).minimumCharacters || 1]),
  );
  return [
    readStep(sources),
    ...duplicateSteps(options.duplicates),
    contaminationStep(options.contamination),
    optOutStep(options.optOuts),
    fallenStep(),
    fallenByUnitStep(),
    linesStep(options.boilerplate),
    boilerplateStep(options.boilerplate),
    applyStep({ minimumCharacters, boilerplate: options.boilerplate }),
    ...duplicateSteps(options.duplicates, finalPass),
    selectStep({
      ...{ seed, heldOutFraction, mix },
      sources: Object.fromEntries(
        sources.map(({ option, source }) => {
          const { maxBytes, heldOutFraction, epochs, category } = option;
          return [source.source, { maxBytes, heldOutFraction, epochs, category }];
        }),
      ),
    }),
    writeStep(),
    reportStep({
      ...{ name, seed },
      sources: sources.map(({ source: { source, origin, attribution, homepage, absent } }) => ({
        ...{ source, origin, attribution, homepage },
        ...(absent === undefined ? {} : { absent }),
      })),
    }),
  ];
}

/** What worker processes are told: they build the same steps from it. */
export interface StepsInput extends CorpusEnvironment {
  options: CorpusOptions;
}

/** How worker processes build the same steps. */
export function corpusOrder(options: CorpusOptions, environment: CorpusEnvironment): WorkOrder {
  return { module: import.meta.url, input: { options, ...environment } satisfies StepsInput };
}

/** The steps again, inside a worker process. */
export function steps(input: unknown): Step[] {
  const { options, ...environment } = input as StepsInput;
  return corpusSteps(options, environment);
}

/** The corpus's rules, with a source's own in place of those of the same names. */
function rulesOf(option: SourceOption, options: CorpusOptions): RulesOptions {
  return rulesShape.parse({ ...options.rules, ...option.rules });
}

function ruledSource(option: SourceOption, options: CorpusOptions, cacheDir: string): RuledSource {
  const rules = rulesOf(option, options);
  const pii = option.pii ?? options.pii;
  const parallel = {
    seed: options.seed,
    language: rulesShape.parse({}).language as Exclude<(typeof rules)['language'], false>,
  };
  return {
    source: openSource(option, cacheDir),
    options: { rules, pii, parallel, lists: listsHash(rules), says: saysOf(option) },
    mask: pii === false ? undefined : createPii(pii),
    rules: () => [
      ...parallelRules(parallel),
      ...createRules(rules, pii === false ? {} : { pii: createPii(pii) }),
    ],
  };
}

/** What a source option says of the documents themselves; the rest decides other steps, or stands in the inputs. */
function saysOf(option: SourceOption): object {
  const elsewhere = new Set([
    ...['rules', 'pii', 'maxBytes', 'heldOutFraction', 'epochs', 'category', 'attribution'],
    ...['local', 'integrity', 'include'],
  ]);
  return Object.fromEntries(Object.entries(option).filter(([name]) => !elsewhere.has(name)));
}
