import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { isLucieError } from '@lucie/ledger';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Document, documentColumns } from '../src/document.ts';
import type { Complain, Source, SourceInput } from '../src/sources/source.ts';

export type Complaint = Parameters<Complain>[0];

/** A source opened anew for one test, and what to clear away after it. */
export interface Opened {
  source: Source;
  dispose?(): void | Promise<void>;
}

export interface Conformance {
  /** A healthy source of at least three documents. Called once per test. */
  open(): Opened | Promise<Opened>;
  /**
   * The same kind of source with something broken inside: it must complain or throw a LucieError, and never go on as
   * if nothing were wrong.
   */
  openBroken(): Opened | Promise<Opened>;
}

/**
 * What every kind of source promises (`sources/source.ts`). A document's language is ISO 639-1 (`fr`), a pair of them
 * for parallel text (`fr-en`), `code:<language>`, or `und` where nobody can tell; `faultOf` refuses the last.
 */
export function sourceConformance(name: string, subject: Conformance): void {
  const opened = async (broken = false) => {
    const { source, dispose } = await (broken ? subject.openBroken() : subject.open());
    onTestFinished(async () => dispose?.());
    return source;
  };

  describe(`${name} as a source`, () => {
    test('is named, and is present', async () => {
      const source = await opened();
      expect(source.absent).toBeUndefined();
      expect(source.source).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      expect(Object.keys(source.origin).length).toBeGreaterThan(0);
      for (const value of Object.values(source.origin)) expect(value).not.toBe('');
    });

    test('inputs have unique names in order, sizes and integrities, the same each time', async () => {
      const source = await opened();
      const inputs = await source.inputs();
      expect(inputs.length).toBeGreaterThan(0);
      const names = inputs.map((input) => input.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual([...names].sort());
      for (const input of inputs) {
        expect(Number.isSafeInteger(input.bytes) && input.bytes >= 0).toBe(true);
        expect(input.integrity).not.toBe('');
      }
      expect(await source.inputs()).toEqual(inputs);
      expect(await (await opened()).inputs()).toEqual(inputs);
    });

    test('documents are valid and their ids unique', async () => {
      const source = await opened();
      const { documents } = await readSource(source);
      expect(documents.length).toBeGreaterThanOrEqual(3);
      const ids = documents.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const document of documents) expectDocument(document, source.source);
    });

    test('the same bytes twice, opened once or twice', async () => {
      const source = await opened();
      const first = await readSource(source);
      expect(await readSource(source)).toEqual(first);
      expect(await readSource(await opened())).toEqual(first);
    });

    test('inputs can be read in any order', async () => {
      const source = await opened();
      const inputs = await source.inputs();
      const forward = await Promise.all(inputs.map((input) => readInput(source, input)));
      const other = await opened();
      for (const [index, input] of [...inputs.entries()].reverse())
        expect(await readInput(other, input)).toEqual(forward[index]);
    });

    test('bytes read only grow, up to the size of the input', async () => {
      const source = await opened();
      for (const input of await source.inputs()) {
        const told: number[] = [];
        await readInput(source, input, { onBytes: (bytes) => told.push(bytes) });
        expect(told).toEqual([...told].sort((a, b) => a - b));
        if (input.bytes > 0) expect(told.at(-1) ?? 0).toBeLessThanOrEqual(input.bytes);
      }
    });

    test('an abort before or while reading ends it with its reason', async () => {
      const source = await opened();
      const [input] = await source.inputs();
      const reason = new Error('stop here');
      await expect(readInput(source, input!, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const control = new AbortController();
      const documents = source.read(input!, options({ signal: control.signal }));
      expect((await documents.next()).done).toBe(false);
      control.abort(reason);
      await expect(documents.next()).rejects.toBe(reason);
    });

    test.skipIf(process.platform !== 'linux')(
      'no file stays open when the reader stops early or is aborted',
      async () => {
        const source = await opened();
        const [input] = await source.inputs();
        const before = openFiles();
        for await (const _ of source.read(input!, options())) break;
        const control = new AbortController();
        const documents = source.read(input!, options({ signal: control.signal }));
        await documents.next();
        control.abort(new Error('stop'));
        await documents.next().catch(() => undefined);
        expect(await settled(before)).toEqual([]);
      },
    );

    test('what is broken is told: a complaint with key and reason, or a LucieError', async () => {
      const source = await opened(true);
      const complaints: Complaint[] = [];
      let thrown: unknown;
      try {
        for (const input of await source.inputs())
          await readInput(source, input, { complain: (complaint) => complaints.push(complaint) });
      } catch (error) {
        thrown = error;
      }
      if (thrown !== undefined) expect(isLucieError(thrown), String(thrown)).toBe(true);
      else expect(complaints.length).toBeGreaterThan(0);
      for (const { key, why } of complaints) expect([key, why]).not.toContain('');
      const keys = complaints.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });
}

/** Everything that a source yields and complains of, in its order. */
export async function readSource(
  source: Source,
): Promise<{ documents: Document[]; complaints: Complaint[] }> {
  const documents: Document[] = [];
  const complaints: Complaint[] = [];
  for (const input of await source.inputs()) {
    const part = await readInput(source, input, { complain: (complaint) => complaints.push(complaint) });
    documents.push(...part);
  }
  return { documents, complaints };
}

export async function readInput(
  source: Source,
  input: SourceInput,
  opts: Partial<Parameters<Source['read']>[1]> = {},
): Promise<Document[]> {
  return Array.fromAsync(source.read(input, options(opts)));
}

export function expectDocument(document: Document, source: string): void {
  expect(Object.keys(document).sort()).toEqual([...documentColumns].sort());
  for (const column of documentColumns) expect(typeof document[column]).toBe('string');
  expect(document.source).toBe(source);
  expect(document.id.startsWith(`${source}/`) && document.id.length > source.length + 1).toBe(true);
  expect(document.language).toMatch(/^([a-z]{2}(-[a-z]{2})?|und|code:[a-z0-9+#.-]+)$/);
  const extra: unknown = JSON.parse(document.extra);
  expect(extra !== null && typeof extra === 'object' && !Array.isArray(extra)).toBe(true);
}

function options(opts: Partial<Parameters<Source['read']>[1]> = {}): Parameters<Source['read']>[1] {
  return { complain: () => {}, onBytes: () => {}, signal: new AbortController().signal, ...opts };
}

/** Files that this process holds open, by number and path. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return `${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`;
      } catch {
        return '';
      }
    })
    .filter((entry) => / \/(?!dev\/|proc\/)/.test(entry));
}

/** What is open now and was not before; a stream that is being closed gets a moment. */
async function settled(before: readonly string[]): Promise<string[]> {
  for (let i = 0; ; i++) {
    const more = openFiles().filter((entry) => !before.includes(entry));
    if (more.length === 0 || i === 100) return more;
    await setTimeout(20);
  }
}
