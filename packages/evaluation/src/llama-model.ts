import { join } from 'node:path';
import { LucieError, sha256File } from '@lucie/ledger';
import { IGNORE, type Llama, loadPretrained, sample } from '@lucie/model';
import { EOS, encodeChat, stopTokenIds, Tokenizer } from '@lucie/tokenizer';
import { noGrad, ops, scope, Tensor } from '@lucie/torch';
import type { LanguageModel, Window } from './language-model.ts';
import type { Scores } from './scores.ts';
import type { GeneratedText, TextGenerator } from './text-generator.ts';

/** Ids in one forward pass: [16, 256] of `nano`. More is no faster on a processor and takes memory for the scores. */
const BATCH_IDS = 4096;

/** A Llama with its tokenizer, on libtorch, as evaluation sees a model. Dispose to free it. */
export class LlamaModel implements LanguageModel, TextGenerator, Disposable {
  readonly llama: Llama;
  readonly tokenizer: Tokenizer;
  readonly eosId: number;

  constructor(llama: Llama, tokenizer: Tokenizer) {
    this.llama = llama;
    this.tokenizer = tokenizer;
    this.eosId = tokenizer.specialId(EOS);
  }

  /**
   * Opens a Hugging Face folder in our format.
   * @throws LucieError of `loadPretrained` and `Tokenizer.fromFile`; `MODEL_MISMATCH` when the tokenizer has more ids
   *   than the model
   */
  static async open(dir: string): Promise<LlamaModel> {
    const tokenizer = await Tokenizer.fromFile(join(dir, 'tokenizer.json'));
    const llama = await loadPretrained(dir);
    if (tokenizer.vocabSize > llama.config.vocab_size) {
      llama[Symbol.dispose]();
      throw new LucieError({
        code: 'MODEL_MISMATCH',
        found: `${tokenizer.vocabSize} ids in the tokenizer of ${dir}`,
        expected: `at most the model's ${llama.config.vocab_size}`,
        todo: 'take tokenizer.json and model.safetensors from the same model',
      });
    }
    return new LlamaModel(llama, tokenizer);
  }

  get vocabSize(): number {
    return this.llama.config.vocab_size;
  }

  get contextLength(): number {
    return this.llama.config.max_position_embeddings;
  }

  encode(text: string): Uint32Array {
    return this.tokenizer.encode(text);
  }

  /** Windows of like length share a batch; padding stands to the right, where causal attention never looks back on. */
  async logProbs(windows: Window[]): Promise<Float64Array[]> {
    const results = new Array<Float64Array>(windows.length);
    const order = windows.map((_, i) => i).sort((a, b) => windows[b]!.ids.length - windows[a]!.ids.length);
    for (let at = 0; at < order.length; ) {
      const width = windows[order[at]!]!.ids.length - 1;
      const rows = order.slice(at, at + Math.max(1, Math.floor(BATCH_IDS / width)));
      const scored = this.#scoreBatch(
        rows.map((i) => windows[i]!),
        width,
      );
      for (const [row, i] of rows.entries()) results[i] = scored[row]!;
      at += rows.length;
      // Lets Ctrl-C and timers in between two batches.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  }

  #scoreBatch(windows: Window[], width: number): Float64Array[] {
    const rows = windows.length;
    // Positions before the first scored one of all rows need no scores over the vocabulary.
    const skip = Math.min(...windows.map(({ from }) => from)) - 1;
    const kept = width - skip;
    const ids = new BigInt64Array(rows * width);
    const targets = new BigInt64Array(rows * kept).fill(BigInt(IGNORE));
    for (const [row, window] of windows.entries()) {
      for (let i = 0; i < window.ids.length - 1; i++) ids[row * width + i] = BigInt(window.ids[i]!);
      for (let i = window.from; i < window.ids.length; i++) {
        targets[row * kept + i - 1 - skip] = BigInt(window.ids[i]!);
      }
    }
    const nats = noGrad(() =>
      scope(() => {
        const logits = ops.narrow(this.llama.logits(Tensor.from(ids, [rows, width])), 1, skip, kept);
        const loss = ops.cross_entropy_loss(ops.flatten(logits, { end_dim: 1 }), Tensor.from(targets), {
          reduction: NO_REDUCTION,
          ignore_index: IGNORE,
        });
        return loss.toFloat32Array();
      }),
    );
    return windows.map(({ ids, from }, row) =>
      Float64Array.from(
        nats.subarray(row * kept + from - 1 - skip, row * kept + ids.length - 1 - skip),
        (loss) => -loss,
      ),
    );
  }

  async complete(
    prompt: string,
    opts: { maxTokens: number; temperature: number; seed: number },
  ): Promise<GeneratedText> {
    return this.#generate([this.eosId, ...this.encode(prompt)], { ...opts, stopIds: [this.eosId] });
  }

  async answer(question: string, opts: { maxTokens: number }): Promise<GeneratedText> {
    const { ids } = encodeChat(this.tokenizer, [{ role: 'user', content: question }], {
      addGenerationPrompt: true,
    });
    return this.#generate(ids, { ...opts, stopIds: stopTokenIds(this.tokenizer), temperature: 0, seed: 0 });
  }

  [Symbol.dispose](): void {
    this.llama[Symbol.dispose]();
  }

  #generate(
    prompt: ArrayLike<number>,
    opts: { maxTokens: number; stopIds: number[]; temperature: number; seed: number },
  ): GeneratedText {
    const { ids, stopped } = sample(this.llama, prompt, opts);
    // A model may have more rows than there are tokens: padding of the matrix, which says nothing when drawn.
    const text = this.tokenizer.decode(ids.filter((id) => id < this.tokenizer.vocabSize));
    return { text, tokens: ids.length + (stopped ? 1 : 0), stopped };
  }
}

/** `at::Reduction::None` */
const NO_REDUCTION = 0;

/** What `scores.json` says of a model: figures cannot be taken for another's. */
export async function describeModel(dir: string, model: LlamaModel): Promise<Scores['models'][string]> {
  let parameters = 0;
  for (const tensor of model.llama.parameters.values()) parameters += tensor.numel;
  return {
    sha256: await sha256File(join(dir, 'model.safetensors')),
    parameters,
    contextLength: model.contextLength,
    vocabSize: model.vocabSize,
  };
}
