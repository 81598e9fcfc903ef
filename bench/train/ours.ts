import { readFileSync } from 'node:fs';
import { Random } from '@lucie/ledger';
import { Llama } from '@lucie/model';
import { engineIdentity, scope, setThreads, Tensor } from '@lucie/torch';
import { AdamW } from '@lucie/training';
import type { BenchShape } from './shapes.ts';

/**
 * Our half of the speed bench, in a process of its own: `node ours.ts SHAPE.json` prints one JSON line. The step is
 * the training loop's: loss, backward, both values read, clipping, AdamW.
 */
const shape = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as BenchShape;
setThreads(shape.threads);
const model = Llama.init(shape.config, { seed: 0 });
const { weight_decay: weightDecay, beta1, beta2, eps } = shape.optimizer;
const optimizer = new AdamW(model.parameters, { betas: [beta1, beta2], eps, weightDecay, clip: shape.clip });

const random = new Random(0, 'bench');
const size = shape.batch * shape.length;
const stream = BigInt64Array.from({ length: size + 1 }, () => BigInt(random.below(shape.config.vocab_size)));

function step(): number {
  return scope(() => {
    const ids = Tensor.from(stream.subarray(0, size), [shape.batch, shape.length]);
    const targets = Tensor.from(stream.subarray(1), [shape.batch, shape.length]);
    const loss = model.loss(ids, targets);
    loss.backward();
    const value = loss.item();
    optimizer.step(shape.lr, optimizer.gradientNorm());
    return value;
  });
}

const seconds: number[] = [];
let lastLoss = Number.NaN;
for (let s = 0; s < shape.warmup + shape.steps; s++) {
  const began = performance.now();
  lastLoss = step();
  if (s >= shape.warmup) seconds.push((performance.now() - began) / 1000);
}
console.log(JSON.stringify({ seconds, lastLoss, version: engineIdentity().torch }));
