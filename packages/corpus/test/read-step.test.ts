import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256File } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { type RuledSource, readStep } from '../src/clean/read-step.ts';
import { Refusal, type Rule } from '../src/clean/rule.ts';
import { type Document, documentBytes } from '../src/document.ts';
import type { Funnel } from '../src/funnel.ts';
import { readDocuments, readRejected } from '../src/parquet.ts';
import type { Complain, Source } from '../src/sources/source.ts';
import { runAll, testDir } from './run-steps.ts';

const document = (key: string, text: string, more: Partial<Document> = {}): Document => ({
  ...{ id: `own/${key}`, text, source: 'own', licence: 'CC0-1.0', language: 'fr', date: '2026' },
  ...{ url: '', title: '', extra: '{}', ...more },
});

/** A source of made parts; a string is a complaint. */
function sourceOf(parts: Record<string, (Document | string)[]>, fails?: Error): Source {
  return {
    ...{ source: 'own', origin: { made: 'here' }, attribution: '', homepage: '' },
    inputs: async () =>
      Object.keys(parts).map((name) => ({ name, bytes: 0, integrity: JSON.stringify(parts[name]) })),
    async *read(input, { complain }: { complain: Complain }) {
      for (const part of parts[input.name]!) {
        if (typeof part === 'string')
          complain({ key: part, why: 'no document', rule: 'robots', url: 'https://a.example/' });
        else yield part;
      }
      if (fails) throw fails;
    },
  };
}

/** `shout` makes text longer, `no-x` refuses. */
const rules = (): Rule[] => {
  let seen = 0;
  return [
    {
      name: 'no-x',
      apply: (one) => (one.text.includes('x') ? new Refusal(`x at ${one.text.indexOf('x')}`) : one),
    },
    {
      name: 'shout',
      apply: (one) => {
        seen++;
        return one.text.endsWith('!') ? one : { ...one, text: `${one.text}!` };
      },
      counts: () => ({ seen }),
    },
  ];
};

const ruled = (source: Source): RuledSource => ({ source, options: { rules: 1 }, rules });
const funnelOf = (root: string, unit: string) =>
  JSON.parse(readFileSync(join(root, 'read', unit, 'funnel.json'), 'utf8')) as Funnel;

describe('a part', () => {
  const parts = {
    'a.txt': [
      document('1', 'un\r\n\r\n\r\n\r\ntrois'),
      'page',
      document('2', 'texte'),
      document('3', 'bien dit!'),
      document('4', 'sans licence', { licence: 'none' }),
    ],
  };

  test('kept, refused and complained of add up to what was read', async () => {
    const root = testDir();
    await runAll([readStep([ruled(sourceOf(parts))])], root);
    const dir = join(root, 'read/own');
    const kept = await Array.fromAsync(readDocuments(join(dir, 'documents.parquet')));
    expect(kept.map(({ id, text }) => [id, text])).toEqual([
      ['own/1', 'un\n\ntrois!'],
      ['own/3', 'bien dit!'],
    ]);
    const rejected = await Array.fromAsync(readRejected(join(dir, 'rejected.parquet')));
    expect(rejected.map(({ id, reason, value }) => [id, reason, value])).toEqual([
      ['own/page', 'robots', 'no document'],
      ['own/2', 'no-x', 'x at 2'],
      ['own/4', 'licence', 'unknown: "none"'],
    ]);
    expect(rejected[0]).toMatchObject({ text: '', url: 'https://a.example/' });
    const funnel = funnelOf(root, 'own');
    expect(funnel.read.documents).toBe(5);
    expect(funnel.kept).toEqual({
      documents: 2,
      bytes: kept.reduce((sum, one) => sum + documentBytes(one), 0),
    });
    expect(funnel.removed).toMatchObject({
      'no-x': { documents: 1, bytes: 5 },
      shout: { documents: 0, bytes: 0 },
    });
    expect(funnel.changed).toEqual({ shout: { documents: 1, bytes: -1 } });
    expect(funnel.counts).toEqual({ shout: { seen: 2 } });
    const removed = Object.values(funnel.removed).reduce((sum, { bytes }) => sum + bytes, 0);
    const changed = Object.values(funnel.changed).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(funnel.read.bytes).toBe(removed + changed + funnel.kept.bytes);
  });

  test('what is refused is kept as the mask leaves it, and counted as it was', async () => {
    const root = testDir();
    const mask: Rule = { name: 'mask', apply: (one) => ({ ...one, text: one.text.replace(/t.*e/, '…') }) };
    await runAll([readStep([{ ...ruled(sourceOf(parts)), mask }])], root);
    const rejected = await Array.fromAsync(readRejected(join(root, 'read/own/rejected.parquet')));
    expect(rejected[1]).toMatchObject({ id: 'own/2', text: '…', value: 'x at 2' });
    expect(funnelOf(root, 'own').removed['no-x']).toEqual({ documents: 1, bytes: 5 });
  });

  test('whoever complains can wait until it is written: a file of bad lines is not held in memory', async () => {
    const root = testDir();
    const source: Source = {
      ...sourceOf({ 'a.txt': [] }),
      async *read(_, { complain }) {
        const told = complain({ key: '1', why: 'no document' });
        expect(told).toBeInstanceOf(Promise);
        await told;
        yield document('2', 'un');
      },
    };
    await runAll([readStep([ruled(source)])], root);
    expect(funnelOf(root, 'own').removed.unreadable).toEqual({ documents: 1, bytes: 0 });
    expect(funnelOf(root, 'own').kept.documents).toBe(1);
  });

  test('one unit per part, with rules that count anew; the same bytes twice', async () => {
    const two = { ...parts, 'b.txt': [document('5', 'encore')] };
    const [first, second] = [testDir(), testDir()];
    for (const root of [first, second]) await runAll([readStep([ruled(sourceOf(two))])], root);
    expect(readdirSync(join(first, 'read'))).toEqual(['own.00000', 'own.00001']);
    expect(funnelOf(first, 'own.00001').counts).toEqual({ shout: { seen: 1 } });
    for (const unit of ['own.00000', 'own.00001'])
      expect(await sha256File(join(first, 'read', unit, 'documents.parquet'))).toBe(
        await sha256File(join(second, 'read', unit, 'documents.parquet')),
      );
  });

  test('a part that cannot be read leaves nothing behind', async () => {
    const root = testDir();
    const broken = sourceOf(parts, new Error('the disk is gone'));
    await expect(runAll([readStep([ruled(broken)])], root)).rejects.toThrow('the disk is gone');
    expect(readdirSync(join(root, 'read'))).toEqual([]);
  });

  test('other rules make the unit anew, and only that unit when one source has its own', async () => {
    const root = testDir();
    const other: Source = { ...sourceOf({ 'c.txt': [document('6', 'tiers')] }), source: 'other' };
    const both = (options: unknown) => [readStep([ruled(sourceOf(parts)), { ...ruled(other), options }])];
    expect(await runAll(both(1), root)).toMatchObject({ made: 2 });
    expect(await runAll(both(1), root)).toMatchObject({ made: 0 });
    expect(await runAll(both(2), root)).toMatchObject({ made: 1 });
  });
});
