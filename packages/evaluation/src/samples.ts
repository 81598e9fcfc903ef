import { type Progress, silent } from '@lucie/ledger';
import type { SampleResult } from './scores.ts';
import type { TextGenerator } from './text-generator.ts';

/**
 * Beginnings after which a French-first model must go on in French. Short and of several registers; the language is
 * judged on what the model adds, not on these.
 */
export const samplePrompts: readonly string[] = [
  'Le salarié',
  'La commune',
  'Dans le cas où',
  'Les enfants',
  'Pour obtenir',
  'Il est possible de',
  'Lorsque la demande',
  'En France,',
  'Vous pouvez',
  'La durée',
];

/** One sample after each of the first `count` prompts, over again when `count` is larger. */
export async function drawSamples(
  generator: TextGenerator,
  opts: {
    count: number;
    maxTokens: number;
    temperature: number;
    seed: number;
    /** ISO 639-1 code, or empty. */
    detectLanguage: (text: string) => string;
    progress?: Progress;
    signal?: AbortSignal;
  },
): Promise<SampleResult[]> {
  const { count, maxTokens, temperature, seed, progress = silent } = opts;
  const samples: SampleResult[] = [];
  for (let i = 0; i < count; i++) {
    opts.signal?.throwIfAborted();
    const prompt = samplePrompts[i % samplePrompts.length]!;
    const { text, tokens, stopped } = await generator.complete(prompt, {
      maxTokens,
      temperature,
      seed: seed + i,
    });
    samples.push({ prompt, text, language: opts.detectLanguage(text), stopped, tokens });
    progress.update(samples.length);
  }
  return samples;
}
