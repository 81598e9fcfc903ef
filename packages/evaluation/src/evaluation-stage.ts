import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, writeFileAtomic, writeJson } from '@lucie/ledger';
import { useEngine } from '@lucie/training';
import { evaluateFolders } from './evaluate-folders.ts';
import { readHeldOut } from './held-out.ts';
import { type EvaluationOptionsInput, evaluationOptionsShape } from './options.ts';
import { type LossCurve, renderPage } from './page/page.ts';

/**
 * Judges a run: reads the held-out documents of `corpus` and the models of `base` and `instruct`, writes
 * `scores.json`, `items.jsonl` (every single observation) and `index.html`.
 */
export function evaluationStage(input: EvaluationOptionsInput = {}): Stage {
  const options = evaluationOptionsShape.parse(input);
  return {
    name: 'evaluation',
    version: 2,
    options,
    needs: ['corpus', 'base', 'instruct'],
    async run({ dir, inputs, progress, signal, identity }) {
      await useEngine(options.threads, identity);
      const { corpus, base, instruct } = inputs as Record<string, string>;
      const { scores, items } = await evaluateFolders(
        {
          language: { role: 'base', dir: base! },
          samples: true,
          chat: { role: 'instruct', dir: instruct! },
          // The language is the corpus's own: `heldout.parquet` tells it of every document.
          heldOut: await readHeldOut(corpus!, { language: 'fr' }),
        },
        options,
        { progress, signal },
      );
      const curves = [
        { name: 'base', points: await readLosses(base!) },
        { name: 'instruct', points: await readLosses(instruct!) },
      ];
      await writeFileAtomic(
        join(dir, 'items.jsonl'),
        items.map((item) => `${JSON.stringify(item)}\n`).join(''),
      );
      await writeFileAtomic(join(dir, 'index.html'), renderPage(scores, curves));
      await writeJson(join(dir, 'scores.json'), scores);
      return {
        facts: {
          tasks: Object.fromEntries(
            scores.tasks.map(({ name, value, low, high }) => [name, { value, low, high }]),
          ),
        },
        licences: ['CC-BY-4.0'],
      };
    },
  };
}

/** Losses of a training's `metrics.jsonl`; none when there is no such file. */
async function readLosses(dir: string): Promise<LossCurve['points']> {
  const path = join(dir, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { step: number; loss: number });
}
