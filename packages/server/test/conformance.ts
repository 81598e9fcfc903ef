import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@lucie/inference';
import { expect } from 'vitest';
import { writeTinyGguf } from '../../release/test/tiny-model.ts';
import { fixedModel } from '../src/api/served-model.ts';
import { createServer } from '../src/create-server.ts';
import { KeyStore } from '../src/keys/key-store.ts';
import type { Case, LogprobEntry, Observed } from './conformance-client.ts';

export const casesPath = join(import.meta.dirname, '../../../bench/serve/openai-conformance.json');
export const cases = JSON.parse(readFileSync(casesPath, 'utf8')) as Case[];

/** A server with a real engine and two keys, one of which may ask once a minute. */
export async function conformingServer() {
  await using cleanup = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'lucie-conformance-'));
  cleanup.defer(() => rm(dir, { recursive: true }));
  const engine = cleanup.use(await Engine.load(await writeTinyGguf(dir), { threads: 1, sequences: 2 }));
  const keys = new KeyStore(dir);
  const { key } = await keys.create({ name: 'classe' });
  const { key: limited } = await keys.create({ name: 'un', requestsPerMinute: 1 });
  const listening = await createServer({ models: [fixedModel('tiny', engine)], keys }).listen({ port: 0 });
  cleanup.defer(() => listening.close(0));
  const held = cleanup.move();
  return {
    baseURL: `${listening.url}/v1`,
    key,
    limited,
    engine,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Judges what a client saw of one case, by what it saw of the others. */
export function judge(each: Case, all: Map<string, Observed>): void {
  const seen = all.get(each.name)!;
  const { usage, lucie, logprobs, vectors, length_one, choices, ...plain } = each.expect as Record<
    string,
    unknown
  > & { usage?: { completion?: number; cached_known?: boolean } };
  expect(seen).toMatchObject(plain);
  if ('error' in each.expect) expect(seen.sentence).toMatch(/^[A-Z].{19,}\.$/s);
  else expect(seen.error).toBeUndefined();
  if (choices !== undefined) expect(seen.texts).toHaveLength(choices as number);
  if (usage) {
    expect(seen.usage!.total_tokens).toBe(seen.usage!.prompt_tokens + seen.usage!.completion_tokens);
    if (usage.completion) expect(seen.usage!.completion_tokens).toBe(usage.completion);
    if (usage.cached_known)
      expect(seen.usage!.prompt_tokens_details!.cached_tokens).toBeGreaterThanOrEqual(0);
  }
  if (lucie) {
    expect(seen.lucie!.energy.method).toMatch(/^(rapl|estimate)$/);
    expect(seen.lucie!.gate).toBeNull();
  }
  if (logprobs) judgeLogprobs(seen, logprobs as { tokens: number; top: number });
  if (vectors !== undefined) expect(seen.vectors).toHaveLength(vectors as number);
  if (length_one) for (const vector of seen.vectors!) expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  if (each.twice && !('error' in each.expect)) expect(seen.repeated).toBe(true);
  if (each.same_text_as) expect(seen.texts).toEqual(all.get(each.same_text_as)!.texts);
  if (each.same_vectors_as) {
    const other = all.get(each.same_vectors_as)!.vectors!.flat();
    for (const [i, value] of seen.vectors!.flat().entries()) expect(value).toBeCloseTo(other[i]!, 6);
  }
  if (each.json) judgeJson(seen.texts![0]!, each.json);
}

function judgeLogprobs(seen: Observed, wanted: { tokens: number; top: number }): void {
  const entries = seen.entries as LogprobEntry[];
  expect(entries).toHaveLength(wanted.tokens);
  for (const { logprob, top_logprobs } of entries) {
    expect(top_logprobs).toHaveLength(wanted.top);
    // Greedy takes the likeliest.
    expect(logprob).toBeCloseTo(top_logprobs[0]!.logprob, 5);
    const values = top_logprobs.map((top) => top.logprob);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(Math.max(...values)).toBeLessThanOrEqual(0);
  }
  const bytes = Buffer.from(entries.flatMap((entry) => entry.bytes));
  expect(bytes.toString('utf8')).toBe(seen.texts![0]);
}

function judgeJson(text: string, wanted: NonNullable<Case['json']>): void {
  const value = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(value).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, allowed] of Object.entries(wanted)) {
    if (typeof allowed[0] === 'string') expect(allowed).toContain(value[name]);
    else {
      expect(Number.isInteger(value[name])).toBe(true);
      expect(value[name]).toBeGreaterThanOrEqual(allowed[0]);
      expect(value[name]).toBeLessThanOrEqual(allowed[1] as number);
    }
  }
}
