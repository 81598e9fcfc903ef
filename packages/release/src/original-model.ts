import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Llama, loadPretrained } from '@lucie/model';
import { STOP_TOKENS, Tokenizer } from '@lucie/tokenizer';
import { noGrad, scope, Tensor } from '@lucie/torch';
import { z } from 'zod';

const generationConfigShape = z.object({
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

/** The model that files are compared with: its Hugging Face folder on libtorch, in float32. */
export class OriginalModel implements Disposable {
  readonly tokenizer: Tokenizer;
  /** `eos_token_id` of `generation_config.json`, sorted. */
  readonly stopIds: number[];
  #llama: Llama;

  private constructor(llama: Llama, tokenizer: Tokenizer, stopIds: number[]) {
    this.#llama = llama;
    this.tokenizer = tokenizer;
    this.stopIds = stopIds;
  }

  /** @throws LucieError of `loadPretrained` and `Tokenizer.fromFile` */
  static async open(dir: string): Promise<OriginalModel> {
    const tokenizer = await Tokenizer.fromFile(join(dir, 'tokenizer.json'));
    const text = await readFile(join(dir, 'generation_config.json'), 'utf8');
    const { eos_token_id } = generationConfigShape.parse(JSON.parse(text));
    const stopIds = [eos_token_id ?? STOP_TOKENS.map((token) => tokenizer.specialId(token))].flat();
    return new OriginalModel(
      await loadPretrained(dir),
      tokenizer,
      stopIds.sort((a, b) => a - b),
    );
  }

  get contextLength(): number {
    return this.#llama.config.max_position_embeddings;
  }

  /** Logits after each token: ids [time] → time rows of [vocabulary]. */
  logits(ids: Uint32Array): Float32Array[] {
    const batch = BigInt64Array.from(ids, BigInt);
    const flat = noGrad(() =>
      scope(() => this.#llama.logits(Tensor.from(batch, [1, ids.length])).toFloat32Array()),
    );
    const width = flat.length / ids.length;
    return Array.from({ length: ids.length }, (_, i) => flat.subarray(i * width, (i + 1) * width));
  }

  [Symbol.dispose](): void {
    this.#llama[Symbol.dispose]();
  }
}
