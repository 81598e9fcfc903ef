import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError } from '@lucie/ledger';
import { DataOrder, type OrderSpec, orderShape } from './order.ts';
import { Shard } from './shards/reader.ts';

/** One row of a step's batch, and the documents that its tokens come from. */
export interface ExplainedRow {
  source: string;
  /** How many times the source had been seen whole before. */
  epoch: number;
  /** Position of the row's first token in the source. */
  start: number;
  /** In reading order; `tokens` of each are in this row. */
  documents: { id: string; tokens: number }[];
}

/**
 * Which documents a step of pretraining saw, from order and shards alone: nothing was logged for it.
 * @param runDir - a recipe's run folder, its base stage finished or under way
 * @throws LucieError `NO_BASE_STAGE`, `STEP_OUT_OF_RANGE`, `ORDER_MISMATCH`, those of `Shard.open`
 */
export async function explainStep(runDir: string, step: number): Promise<ExplainedRow[]> {
  const spec = await readOrder(runDir);
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new LucieError({
      code: 'STEP_OUT_OF_RANGE',
      found: `step ${step}`,
      expected: 'a whole number from 0',
      todo: 'give the number of a step, as in metrics.jsonl',
      exitCode: 2,
    });
  }
  const tokens = await stageDir(runDir, 'tokens');
  using open = new DisposableStack();
  const shards = spec.sources.map(({ name }) => open.use(Shard.open(join(tokens, name))));
  matchShards(spec, shards);
  const ids = new Map<Shard, string[]>();
  return new DataOrder(spec).step(step).map(({ source, epoch, start }) => {
    const shard = shards[source]!;
    if (!ids.has(shard)) ids.set(shard, shard.documentIds());
    const documents = [];
    const end = start + spec.sequenceLength + 1;
    for (let at = start; at < end; ) {
      const index = shard.documentAt(at);
      const next = Math.min(end, shard.starts[index + 1]!);
      documents.push({ id: ids.get(shard)![index]!, tokens: next - at });
      at = next;
    }
    return { source: shard.name, epoch, start, documents };
  });
}

async function readOrder(runDir: string): Promise<OrderSpec> {
  const path = join(await stageDir(runDir, 'base'), 'order.json');
  try {
    return orderShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw noBase(`no readable ${path}`, cause);
  }
}

/** The folder of a stage, finished or not. */
async function stageDir(runDir: string, name: string): Promise<string> {
  const folders = existsSync(runDir) ? await readdir(runDir) : [];
  const finished = folders.find((folder) => /^\d+-/.test(folder) && folder.endsWith(`-${name}`));
  const partial = folders.find((folder) => /^\d+-/.test(folder) && folder.endsWith(`-${name}.partial`));
  const found = finished ?? partial;
  if (!found) throw noBase(`no ${name} stage in ${runDir}`);
  return join(runDir, found);
}

function noBase(found: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'NO_BASE_STAGE',
    found,
    expected: 'a run whose base stage has at least begun',
    todo: 'call make for this recipe first',
    cause,
  });
}

/** The shards must be those that the order was made for. */
function matchShards(spec: OrderSpec, shards: Shard[]): void {
  for (const [i, { name, tokens }] of spec.sources.entries()) {
    const actual = shards[i]!.tokenCount;
    if (actual !== tokens) {
      throw new LucieError({
        code: 'ORDER_MISMATCH',
        found: `${actual} tokens in source ${name}`,
        expected: `${tokens}, as when training began`,
        todo: 'call make again so that tokens and base belong together',
      });
    }
  }
}
