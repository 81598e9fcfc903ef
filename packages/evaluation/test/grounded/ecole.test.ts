import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf, needsTwoPlaces, rewordedSentence } from '../../src/grounded/check-questions.ts';
import { placeKey, proofs } from '../../src/grounded/question-set.ts';
import { ecoleFolder, readEcole } from '../../src/grounded/read-ecole.ts';

const ecole = await readEcole();
const { questions, texts } = ecole;
const share = (of: readonly unknown[]) => of.length / questions.length;

describe('ecole-fr', () => {
  test('is as it was frozen, splits included', () => {
    expect(ecole.hash).toBe('012e78977d918b7adba92035edbd22a5dce2210154552d0ed4127a9b2533d5dc');
  });

  test('has the texts and questions that it promises', () => {
    expect(texts.length).toBeGreaterThanOrEqual(30);
    expect(questions.length).toBeGreaterThanOrEqual(300);
    expect(share(questions.filter(({ answerable }) => !answerable))).toBeGreaterThanOrEqual(0.35);
    expect(share(questions.filter(needsTwoPlaces))).toBeGreaterThanOrEqual(1 / 3);
    for (const kind of ['false-premise', 'table', 'texts', 'version'])
      expect(questions.filter((question) => question.kind === kind).length).toBeGreaterThanOrEqual(20);
    expect(new Set(questions.map(({ level }) => level)).size).toBeGreaterThanOrEqual(7);
    expect(new Set(questions.map(({ subject }) => subject)).size).toBeGreaterThanOrEqual(7);
    expect(questions.every(({ pupil, question }) => pupil !== question)).toBe(true);
  });

  test('has both splits in every kind, about four tenths for development', () => {
    const dev = questions.filter(({ split }) => split === 'dev');
    expect(share(dev)).toBeGreaterThan(0.36);
    expect(share(dev)).toBeLessThan(0.44);
    for (const kind of new Set(questions.map((question) => question.kind))) {
      const own = questions.filter((question) => question.kind === kind);
      const inDev = own.filter(({ split }) => split === 'dev').length / own.length;
      expect(inDev, kind).toBeGreaterThan(0.3);
      expect(inDev, kind).toBeLessThan(0.5);
    }
  });

  test('refers to places that are there, and rewords no sentence of them', () => {
    expect(faultsOf(ecole)).toEqual([]);
  });
});

describe('the checks of questions', () => {
  const first = questions.find(({ kind, split }) => kind === 'direct' && split === 'dev')!;
  const two = questions.find(({ kind, split }) => kind === 'two-places' && split === 'dev')!;
  const silent = questions.find(({ kind, split }) => kind === 'silent' && split === 'dev')!;
  const premise = questions.find(({ kind, split }) => kind === 'false-premise' && split === 'dev')!;
  const faults = (...changed: typeof questions) => faultsOf({ ...ecole, questions: changed });

  test('find what is wrong', () => {
    const [place] = first.evidence;
    expect(faults(first)).toEqual([]);
    expect(faults(first, first)).toEqual([`${first.id}: for the second time`]);
    expect(faults({ ...first, evidence: [{ ...place!, paragraph: 99 }] })[0]).toContain('no paragraph');
    expect(faults({ ...first, evidence: [{ ...place!, paragraph: 1, page: 1 }] }).join()).toContain(
      'heading',
    );
    expect(faults({ ...first, answers: ['ornithorynque'] })[0]).toContain('not in its evidence');
    expect(faults({ ...first, answers: [] })[0]).toContain('answers where');
    expect(faults({ ...first, answerable: false }).join()).toContain('answerable does not fit');
    expect(faults({ ...first, kind: 'table' })).toEqual([`${first.id}: no table`]);
    expect(faults({ ...first, pupil: first.question })[0]).toContain('the same as a pupil');
    expect(faults({ ...two, evidence: [two.evidence[0]!, two.evidence[0]!] })[0]).toContain('one place only');
    expect(faults({ ...two, kind: 'texts' })[0]).toContain('one text only');
    expect(faults({ ...silent, evidence: first.evidence })[0]).toContain('evidence does not fit');
    const { press: _, ...unpressed } = premise;
    expect(faults(unpressed)[0]).toContain('press does not fit');
  });

  test('tell a reworded sentence from a question in other words', () => {
    const paragraph =
      "La lumière arrive par la fenêtre. Les vers de terre mélangent les couches du sol pendant l'hiver ; la cloche sonne.";
    const reworded = 'Pourquoi les vers de terre mélangent-ils les couches du sol ?';
    expect(rewordedSentence(reworded, paragraph)).toMatch(/^Les vers de terre/);
    expect(
      rewordedSentence('Qui brasse les étages de la terre quand il fait froid ?', paragraph),
    ).toBeUndefined();
    // Two shared words prove nothing, and words of any question are not counted.
    expect(rewordedSentence('Quelle cloche sonne ?', paragraph)).toBeUndefined();
    // Sentence by sentence: the words of two make no rewording of one.
    expect(rewordedSentence('La lumière, la fenêtre, la cloche qui sonne ?', paragraph)).toBeUndefined();
  });

  test('a table may be asked for by the names of its rows', () => {
    const table = questions.find(({ kind, split }) => kind === 'table' && split === 'dev')!;
    expect(faults(table)).toEqual([]);
  });

  test('of two versions only the one that holds proves an answer', () => {
    const version = questions.find(({ kind, split }) => kind === 'version' && split === 'dev')!;
    expect(version.evidence.length).toBeGreaterThan(1);
    expect([...proofs(version)]).toEqual([placeKey(version.evidence[0]!)]);
    expect(proofs(two).size).toBe(two.evidence.length);
  });
});

describe('a benchmark that somebody touched', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lucie-ecole-'));
    await cp(ecoleFolder, dir, { recursive: true });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const read = () =>
    readEcole(dir).then(
      () => 'read',
      (error: { code: string }) => error.code,
    );

  async function changed(name: string, change: (text: string) => string): Promise<string> {
    const path = join(dir, name);
    const original = await readFile(path, 'utf8');
    await writeFile(path, change(original));
    const code = await read();
    await writeFile(path, original);
    return code;
  }

  test('is refused, whatever was touched', async () => {
    expect(await read()).toBe('read');
    expect(await changed('questions.jsonl', (text) => text.replace('"split":"test"', '"split":"dev"'))).toBe(
      'BENCHMARK_CHANGED',
    );
    expect(await changed('texts/svt6-1.json', (text) => `${text} `)).toBe('BENCHMARK_CHANGED');
    expect(await changed('SHA256SUMS', (text) => text.split('\n').slice(0, -2).join('\n'))).toBe(
      'BENCHMARK_CHANGED',
    );
    expect(await changed('SHA256SUMS', (text) => `${text}../elsewhere\n`)).toBe('BENCHMARK_INVALID');
    await writeFile(join(dir, 'texts', 'more.json'), '{}');
    expect(await read()).toBe('BENCHMARK_CHANGED');
    await rm(join(dir, 'texts', 'more.json'));
    await rm(join(dir, 'texts', 'svt6-1.json'));
    expect(await read()).toBe('BENCHMARK_MISSING');
  });
});
