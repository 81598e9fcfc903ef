import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Progress, silent } from '@lucie/ledger';
import { evaluateFolders } from './evaluate-folders.ts';
import { readHeldOut } from './held-out.ts';
import { type EvaluationOptionsInput, evaluationOptionsShape } from './options.ts';
import type { Scores } from './scores.ts';

/**
 * Judges any Llama in a Hugging Face folder of our format: bits per byte of the text in `data`, French grammar, then
 * samples, or questions where the folder has a chat template and the lists of its facts.
 * @param opts.data - a corpus stage's folder, or one of `.txt` files; without it bits per byte is skipped
 * @param opts.language - ISO 639-1, of text files
 */
export async function evaluateModel(
  dir: string,
  opts: {
    data?: string;
    language?: string;
    progress?: Progress;
    signal?: AbortSignal;
    options?: EvaluationOptionsInput;
  } = {},
): Promise<Scores> {
  const options = evaluationOptionsShape.parse({ name: basename(resolve(dir)), ...opts.options });
  const folder = { role: 'model', dir };
  const chats = existsSync(join(dir, 'chat_template.jinja'));
  const { scores } = await evaluateFolders(
    {
      language: folder,
      samples: !chats,
      ...(chats ? { chat: folder } : {}),
      ...(opts.data ? { heldOut: await readHeldOut(opts.data, { language: opts.language ?? 'fr' }) } : {}),
    },
    options,
    { progress: opts.progress ?? silent, ...(opts.signal ? { signal: opts.signal } : {}) },
  );
  return scores;
}
