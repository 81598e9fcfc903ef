// The process in which a model file is tried: a path as JSON per line of stdin, an answer as JSON per line of stdout.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isLucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { chatPrompt, chatTemplateOf } from '../chat/chat-prompt.ts';
import type { GgufHeader } from '../gguf/gguf-file.ts';
import { readModel } from '../gguf/read-model.ts';
import { type Libllama, libllama, type Pointer } from '../native/libllama.ts';
import { setNativeLog, takeNativeError } from '../native/native-log.ts';
import { Vocabulary } from '../native/vocabulary.ts';
import { hasVocabulary } from './check-model.ts';
import { LOAD_MODE, modelParams } from './model-params.ts';
import type { TrialAnswer } from './trial.ts';

const CONTEXT = 64;
const SENTENCE = 'Où sont nos 12 élèves ?\n\tIci : « là » — 日本 🙂';

/** A template that refuses is no reason against a file; one that never ends is. */
function tryTemplate({ metadata }: GgufHeader, vocabulary: Vocabulary): void {
  const template = chatTemplateOf(metadata);
  if (template === undefined) return;
  const talk = ['system', 'user', 'assistant', 'user'].map((role) => ({ role, content: SENTENCE }));
  for (const [messages, addGenerationPrompt] of [
    [talk.slice(1, 2), true],
    [talk, true],
    [talk, false],
  ] as const) {
    try {
      chatPrompt(template, messages, { vocabulary, addGenerationPrompt, separate: false });
    } catch (error) {
      if (!isLucieError(error) || error.code === 'TEMPLATE_ENDLESS') throw error;
    }
  }
}

/** @returns a sentence's tokens */
function tryVocabulary(lib: Libllama, model: Pointer, header: GgufHeader): Uint32Array {
  const vocabulary = new Vocabulary(lib, lib.model_get_vocab(model));
  const tokens = vocabulary.tokenize(SENTENCE, { addSpecial: true });
  vocabulary.detokenize(tokens);
  tryTemplate(header, vocabulary);
  return tokens;
}

function attempt(path: string): TrialAnswer {
  const lib = libllama();
  const header = readModel(path);
  takeNativeError();
  const refused = (what: string): TrialAnswer => ({ ok: false, reason: takeNativeError() || what });
  const model = lib.model_load_from_file(path, modelParams(lib, header, LOAD_MODE.mmap));
  if (model === null) return refused('it does not load');
  try {
    const tokens = hasVocabulary(header) ? tryVocabulary(lib, model, header) : Uint32Array.of(0);
    // Half a context: some encoders cannot read more than they were trained for.
    const read =
      tokens.length === 0
        ? [0]
        : [...tokens.subarray(0, Math.min(CONTEXT / 2, lib.model_n_ctx_train(model)))];
    const context = lib.init_from_model(model, {
      ...lib.context_default_params(),
      n_ctx: CONTEXT,
      n_batch: CONTEXT,
      n_ubatch: CONTEXT,
      n_threads: 1,
      n_threads_batch: 1,
    });
    if (context === null) return refused('no context for it');
    const buffer: unknown = koffi.alloc('int32', read.length);
    try {
      new Int32Array(koffi.view(buffer, 4 * read.length)).set(read);
      const run = lib.model_has_encoder(model) ? lib.encode : lib.decode;
      const status = run(context, lib.batch_get_one(koffi.address(buffer), read.length));
      return status === 0 ? { ok: true } : refused(`status ${status} where a sentence is read`);
    } finally {
      koffi.free(buffer);
      lib.free(context);
    }
  } finally {
    lib.model_free(model);
  }
}

try {
  // When memory runs out, the kernel is to end this process and not the server.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {}
// And when the server ends, however it ends, this process ends with it (PR_SET_PDEATHSIG, SIGKILL).
libllama();
koffi.load(null).func('int prctl(int, unsigned long)')(1, 9);
setNativeLog((level, line) => {
  if (level === 'error') process.stderr.write(`${line}\n`);
});
for await (const line of createInterface({ input: process.stdin })) {
  let answer: TrialAnswer;
  try {
    answer = attempt(JSON.parse(line) as string);
  } catch (error) {
    answer = { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
