import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeldOut } from '@lucie/evaluation';
import { findLibllama, type Metadata, quantize, string, strings } from '@lucie/inference';
import { projectRoot, type Stage, writeFileAtomic, writeJson } from '@lucie/ledger';
import { engineIdentity, setThreads } from '@lucie/torch';
import { z } from 'zod';
import { dataCard } from './cards/data-card.ts';
import { modelCard } from './cards/model-card.ts';
import { type RunFacts, readRunFacts } from './cards/run-facts.ts';
import { writeChecksums } from './checksums.ts';
import { convertToGguf } from './gguf/convert.ts';
import { OriginalModel } from './original-model.ts';
import { type Format, formats } from './thresholds.ts';
import { type FileVerification, refuseUnfaithful, verifyFiles } from './verification.ts';

export const releaseOptionsShape = z.strictObject({
  /** The recipe's name: `<name>-Q8_0.gguf`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  /** What people call the model; `LUCIE <name>` when absent. */
  title: z.string().min(1).optional(),
  /** Licence of the weights, as an SPDX identifier. */
  licence: z.string().default('Apache-2.0'),
  /** Positions of held-out text on which each file is compared with the original. */
  verificationTokens: z.int().positive().default(8192),
});

export type ReleaseOptions = z.output<typeof releaseOptionsShape>;
export type ReleaseOptionsInput = z.input<typeof releaseOptionsShape>;

/** Files of the instruct stage that make its Hugging Face folder. */
const HUGGING_FACE_FILES = [
  'config.json',
  'generation_config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
];

/**
 * One thread: at a release's size more would gain seconds, and figures in `verification.json` stay the same on every
 * machine of a kind.
 */
const THREADS = 1;

/**
 * Packs the instruct model for others: its Hugging Face folder, GGUF files, scores, cards, checksums. Every GGUF file
 * is compared with the original first; a file that is not the model that was judged ends the stage.
 */
export function releaseStage(input: ReleaseOptionsInput): Stage {
  const options = releaseOptionsShape.parse(input);
  return {
    name: 'release',
    version: 2,
    options,
    needs: ['corpus', 'tokenizer', 'tokens', 'base', 'instruct', 'evaluation'],
    async run({ dir, inputs, progress, signal, identity: record }) {
      setThreads(THREADS);
      await record({ ...engineIdentity(), threads: THREADS, libllama: findLibllama().version });
      const facts = await readRunFacts(inputs);
      const identity = { ...options, title: options.title ?? `LUCIE ${options.name}` };
      for (const name of HUGGING_FACE_FILES) await copyFile(join(inputs.instruct!, name), join(dir, name));
      await copyFile(join(inputs.evaluation!, 'scores.json'), join(dir, 'scores.json'));
      // The weights are under this repository's licence then, and its text is here.
      if (options.licence === 'Apache-2.0')
        await copyFile(join(projectRoot, 'LICENSE'), join(dir, 'LICENSE'));

      progress.start('converting', formats.length, 'files');
      const files = new Map(formats.map((format) => [format, join(dir, `${options.name}-${format}.gguf`)]));
      await writeFormats(dir, files, aboutModel(identity, facts));
      progress.end(formats.join(', '));

      progress.start('verifying', options.verificationTokens, 'tokens');
      using original = await OriginalModel.open(dir);
      const verified = await verifyFiles(original, files, {
        documents: await readHeldOut(inputs.corpus!, { language: 'fr' }),
        tokens: options.verificationTokens,
        threads: THREADS,
        signal,
        onProgress: (tokens) => progress.update(tokens),
      });
      progress.end(summary(verified));
      refuseUnfaithful(verified);

      await writeJson(join(dir, 'verification.json'), { version: 1, model: options.name, files: verified });
      await writeFileAtomic(join(dir, 'README.md'), modelCard(identity, facts, verified));
      await writeFileAtomic(join(dir, 'DATA.md'), dataCard(identity, facts));
      await writeChecksums(dir);
      return {
        facts: { title: identity.title, licence: identity.licence, files: verified },
        licences: [identity.licence, ...Object.keys(facts.corpus.licences)],
      };
    },
  };
}

async function writeFormats(dir: string, files: Map<Format, string>, about: Metadata): Promise<void> {
  const full = files.get('F16')!;
  await convertToGguf(dir, full, about);
  for (const [format, path] of files) {
    if (format !== 'F16') await quantize(full, path, { type: format, threads: THREADS });
  }
}

/** What a GGUF file says of itself: a reader without this repository finds its way back. */
function aboutModel(identity: { name: string; title: string; licence: string }, facts: RunFacts): Metadata {
  const digestOf = (name: string) => facts.stages.find(({ stage }) => stage === name)?.digest ?? '';
  return new Map([
    ['general.name', string(identity.title)],
    ['general.license', string(identity.licence)],
    ['general.languages', strings(Object.keys(facts.corpus.languages))],
    ['general.tags', strings(['text-generation', 'research'])],
    ['lucie.recipe', string(identity.name)],
    ['lucie.use', string('research')],
    ['lucie.corpus', string(digestOf('corpus'))],
    ['lucie.instruct', string(digestOf('instruct'))],
  ]);
}

function summary(files: readonly FileVerification[]): string {
  return files
    .map(({ format, top1Agreement }) => `${format} ${(100 * top1Agreement).toFixed(2)} %`)
    .join(', ');
}
