import { join } from 'node:path';
import { writeFileAtomic, writeJson } from '@lucie/ledger';
import { layout } from '../layout.ts';
import { optOutLayout } from '../opt-out/opt-out-step.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { clustersCsv, compositionCsv, contaminationCsv, funnelCsv, samplesCsv } from './csv.ts';
import { makeReport } from './make-report.ts';
import { renderReport } from './page/page.ts';

/** What the recipe knows of a source and its documents do not say. */
export interface SourceFacts {
  source: string;
  origin: Record<string, string>;
  attribution: string;
  homepage: string;
  /** Why it is not in this corpus. */
  absent?: string | undefined;
}

export interface ReportOptions {
  /** The recipe's name, for the title. */
  name: string;
  /** In the order of the recipe, absent ones included. */
  sources: readonly SourceFacts[];
  /** Decides which refused documents are shown. */
  seed: number;
}

/** Files of the step `report`, in its one unit. */
export const reportFiles = {
  step: 'report',
  unit: 'all',
  json: 'report.json',
  html: 'report.html',
  csv: ['funnel.csv', 'composition.csv', 'rejected-samples.csv', 'clusters.csv', 'contamination.csv'],
} as const;

/** The step `report`: everything that happened to every document, as JSON, as one page, and as tables. */
export function reportStep(options: ReportOptions): Step {
  return {
    name: reportFiles.step,
    version: 2,
    options,
    single: true,
    units: () => [
      {
        name: reportFiles.unit,
        reads: [
          layout.read,
          layout.finalSurvivors,
          layout.contamination,
          optOutLayout.matches,
          optOutLayout.fallen,
          optOutLayout.byUnit,
          layout.apply,
          layout.select,
          layout.write,
        ].map(({ step }) => step),
      },
    ],
    run: (_, context) => run(options, context),
  };
}

async function run(options: ReportOptions, context: UnitContext): Promise<void> {
  const report = await makeReport(options, context);
  const tables = {
    'funnel.csv': funnelCsv(report),
    'composition.csv': compositionCsv(report),
    'rejected-samples.csv': samplesCsv(report),
    'clusters.csv': clustersCsv(report),
    'contamination.csv': contaminationCsv(report),
  } satisfies Record<(typeof reportFiles.csv)[number], string>;
  for (const [name, text] of Object.entries(tables)) await writeFileAtomic(join(context.out, name), text);
  await writeFileAtomic(join(context.out, reportFiles.html), renderReport(report, { name: options.name }));
  await writeJson(join(context.out, reportFiles.json), report);
}
