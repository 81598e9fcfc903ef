import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough, pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { LucieError, projectRoot, sha256File } from '@lucie/ledger';
import type { Benchmark } from './options.ts';

/** An item of a benchmark: its line, from 1 on, and the strings of its fields in their order. */
export interface Item {
  name: string;
  texts: string[];
}

/** Where a benchmark lies. @throws LucieError `BENCHMARK_MISSING` */
export function benchmarkPath(benchmark: Pick<Benchmark, 'name' | 'path'>): string {
  const path = resolve(projectRoot, benchmark.path);
  if (existsSync(path)) return path;
  throw new LucieError({
    code: 'BENCHMARK_MISSING',
    found: `no ${path}`,
    expected: `the JSONL file of the benchmark ${benchmark.name}`,
    todo: 'put it there, or take the benchmark out of the recipe',
  });
}

/**
 * A benchmark with the hash of its file, for a recipe: other items then make another corpus.
 * @throws LucieError `BENCHMARK_MISSING`
 */
export async function benchmarkFile(
  path: string,
  opts: { name: string; fields?: string[] },
): Promise<Benchmark> {
  const hash = await sha256File(benchmarkPath({ path, name: opts.name }));
  return { ...opts, path, integrity: `sha256-${hash}` };
}

/** Its hash, compared with the one that the recipe states. @throws LucieError `BENCHMARK_MISSING`, `BENCHMARK_CHANGED` */
export async function benchmarkHash(benchmark: Benchmark): Promise<string> {
  const hash = `sha256-${await sha256File(benchmarkPath(benchmark))}`;
  if (benchmark.integrity === undefined || benchmark.integrity === hash) return hash;
  throw new LucieError({
    code: 'BENCHMARK_CHANGED',
    found: `${benchmark.path} with ${hash}`,
    expected: benchmark.integrity,
    todo: `put the file of the recipe back, or change the integrity of ${benchmark.name} in the recipe`,
  });
}

/**
 * The items of a benchmark, one per line that is not empty.
 * @throws LucieError `BENCHMARK_MISSING`, `BENCHMARK_INVALID` for a line that is not JSON or a file that cannot be
 * unpacked, `BENCHMARK_FIELD` where no item has a field that is asked for
 */
export async function* readItems(benchmark: Benchmark): AsyncGenerator<Item> {
  const { fields } = benchmark;
  const seen = new Set<string>();
  let number = 0;
  for await (const line of readLines(benchmark)) {
    number++;
    if (line.trim() === '') continue;
    const value = parseLine(line, { benchmark, number });
    if (fields && value !== null && typeof value === 'object') {
      const record = value as Record<string, unknown>;
      const own = fields.filter((field) => Object.hasOwn(record, field));
      for (const field of own) seen.add(field);
      yield { name: String(number), texts: stringsOf(own.map((field) => record[field])) };
    } else yield { name: String(number), texts: stringsOf(value) };
  }
  const missing = fields?.find((field) => !seen.has(field));
  if (missing === undefined) return;
  throw new LucieError({
    code: 'BENCHMARK_FIELD',
    found: `no item of ${benchmark.path} with the field ${missing}`,
    expected: `the fields ${fields!.join(', ')}`,
    todo: `correct the fields of ${benchmark.name} in the recipe`,
  });
}

/** Every string in a value, in order, at any depth. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(stringsOf);
}

function parseLine(line: string, at: { benchmark: Benchmark; number: number }): unknown {
  try {
    return JSON.parse(line.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw invalid(at.benchmark, `line ${at.number} that is not JSON`, cause);
  }
}

async function* readLines(benchmark: Benchmark): AsyncGenerator<string> {
  const path = benchmarkPath(benchmark);
  const unpack = path.endsWith('.gz')
    ? createGunzip()
    : path.endsWith('.zst')
      ? createZstdDecompress()
      : new PassThrough();
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  let failure: unknown;
  const input = pipeline(file, unpack, (error) => {
    failure = error;
  });
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (cause) {
    failure = cause;
  } finally {
    file.destroy();
    unpack.destroy();
  }
  if (failure) throw invalid(benchmark, `a file that cannot be read to its end`, failure);
}

function invalid(benchmark: Benchmark, what: string, cause: unknown): LucieError {
  return new LucieError({
    code: 'BENCHMARK_INVALID',
    found: `${what} in ${benchmark.path}`,
    expected: 'JSONL: one item per line',
    todo: `repair the file, or take ${benchmark.name} out of the recipe`,
    cause,
  });
}
