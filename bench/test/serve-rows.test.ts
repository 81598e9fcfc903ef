import { existsSync, readFileSync } from 'node:fs';
import { silent } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { classroom } from '../serve/classroom.ts';
import type { ServeBench } from '../serve/compare-halves.ts';
import { endurance } from '../serve/endurance.ts';
import type { Half, Halves, Work } from '../serve/halves.ts';
import { type PeerSetting, peerSettings } from '../serve/peer-server.ts';
import type { ClientReport, Measured, PlannedRequest } from '../serve/plan.ts';
import { restart } from '../serve/restart.ts';
import { throughput } from '../serve/throughput.ts';
import { courseText, fullSizes } from '../serve/workload.ts';

const sizes = {
  ...fullSizes,
  ...{ parallel: [2], rounds: 3, tokens: 10, pupils: 20, courseWords: 30, answerTokens: 5 },
  ...{ requests: 100, settled: 20 },
};

/** Every answer as long as asked for; first text after `first` ms, the end after `end`. */
const answers = (requests: readonly PlannedRequest[], times: { first: number; end: number }): Measured[] =>
  requests.map(({ body }) => ({
    ...{ status: 200, sent: 0, promptTokens: 5, cachedTokens: 0, cancelled: false },
    completionTokens: Number(body.max_tokens),
    ...times,
  }));

interface Script {
  ours: { first: number; end: number };
  peer: (setting: PeerSetting) => { first: number; end: number };
}

/** Halves that answer at once, in times that are known; `log` says who ran with how many requests. */
function scripted(script: Script): { halves: Halves; log: string[] } {
  const log: string[] = [];
  const half = (label: string, times: { first: number; end: number }): Half => ({
    label,
    async run(work: Work): Promise<ClientReport> {
      log.push(`${label} ${work.requests.length}`);
      return {
        ...{ warm: answers(work.warm, times), requests: answers(work.requests, times), memory: [] },
      };
    },
  });
  return {
    log,
    halves: {
      ours: () => half('ours', script.ours),
      peer: (setting) => half(`np${setting.parallel}${setting.unified ? 'u' : ''}`, script.peer(setting)),
    },
  };
}

const bench = (halves: Halves): ServeBench => ({
  ...{ sizes, halves, model: '/somewhere/model.gguf', contextSize: 4096, runs: 5, progress: silent },
});

describe('rows', () => {
  test('a setting of the peer that answers nothing is not its best, and ends no bench', async () => {
    const { halves } = scripted({
      ours: { first: 10, end: 100 },
      peer: ({ parallel }) => ({ first: 10, end: parallel === 4 ? 200 : 400 }),
    });
    const peer = (setting: PeerSetting): Half => ({
      ...halves.peer(setting),
      ...(setting.parallel === 30 && { run: () => Promise.reject(new Error('no byte for two minutes')) }),
    });
    const [result] = await throughput(bench({ ...halves, peer }));
    expect(result).toMatchObject({ ratio: 2, peerCommand: expect.stringContaining('-np 4') });
    const dead = (setting: PeerSetting): Half => ({
      ...halves.peer(setting),
      run: () => Promise.reject(new Error('no byte for two minutes')),
    });
    await expect(throughput(bench({ ...halves, peer: dead }))).rejects.toThrow('no byte');
  });

  test('throughput: each setting of the peer once on short work, then the best in turn with ours', async () => {
    const { halves, log } = scripted({
      ours: { first: 1, end: 1000 },
      peer: ({ parallel, unified }) => ({ first: 1, end: parallel === 8 && !unified ? 1500 : 2000 }),
    });
    const [greedy, drawn] = await throughput(bench(halves));
    expect(greedy).toMatchObject({
      ...{ name: 'tokens/s at 2 parallel', ours: 60, peer: 40, ratio: 1.5, runs: 5, better: 'higher' },
      peerName: 'np8',
      peerCommand: expect.stringContaining('-c 32768 -np 8 --no-kv-unified'),
    });
    expect(drawn!.bar).toBeUndefined();
    const first = log.slice(0, peerSettings.length + 10);
    expect(first.slice(0, 7)).toEqual(['np1 2', 'np4 2', 'np4u 2', 'np8 2', 'np8u 2', 'np30 2', 'np30u 2']);
    const [ours, np8] = ['ours 6', 'np8 6'];
    expect(first.slice(7)).toEqual([ours, np8, np8, ours, ours, np8, np8, ours, ours, np8]);
  });

  test('the class: each figure beside the setting that is best for it', async () => {
    const { halves, log } = scripted({
      ours: { first: 300, end: 4000 },
      peer: ({ parallel, unified }) => ({
        first: parallel === 1 ? 1000 : 2000,
        end: parallel === 30 && unified ? 8000 : 10_000,
      }),
    });
    const [first, total] = await classroom(bench(halves));
    expect(first).toMatchObject({ peerName: 'np1', ours: 300, peer: 1000, bar: 0.5, better: 'lower' });
    expect(first!.ratio).toBeCloseTo(0.3);
    expect(total).toMatchObject({ peerName: 'np30u', ours: 4, peer: 8, ratio: 0.5, bar: 0.8 });
    expect(log).toHaveLength(7 + 4 * 5);
  });

  test('answers of another length stop the bench', async () => {
    const { halves } = scripted({ ours: { first: 1, end: 2 }, peer: () => ({ first: 1, end: 2 }) });
    const short: Halves = {
      ...halves,
      ours: () => ({
        label: 'ours',
        async run(work) {
          const report = await halves.ours().run(work);
          report.requests[1]!.completionTokens--;
          return report;
        },
      }),
    };
    await expect(throughput(bench(short))).rejects.toMatchObject({ code: 'BENCH_ANSWER_WRONG' });
  });

  test('restart: warmed runs share one folder that has read the course, cold ones have nothing', async () => {
    const seen: { cache: string | undefined; warm: string | undefined; question: unknown }[] = [];
    const halves: Halves = {
      ...scripted({ ours: { first: 1, end: 2 }, peer: () => ({ first: 1, end: 2 }) }).halves,
      ours: ({ cache, warm } = {}) => ({
        label: 'ours',
        async run(work) {
          const again = seen.some((other) => other.cache === cache);
          seen.push({ cache, warm, question: work.requests[0]!.body.messages });
          if (warm !== undefined) expect(readFileSync(warm, 'utf8')).toBe(courseText(sizes));
          const first = cache === undefined ? 1000 : again ? 50 : 900;
          return { warm: [], requests: answers(work.requests, { first, end: 2000 }), memory: [] };
        },
      }),
    };
    const [row] = await restart(bench(halves));
    expect(row).toMatchObject({ ours: 50, peer: 1000, ratio: 0.05, bar: 0.1, better: 'lower', runs: 5 });
    expect(seen).toHaveLength(11);
    const warmed = seen.filter(({ cache }) => cache !== undefined);
    expect(new Set(warmed.map(({ cache }) => cache)).size).toBe(1);
    expect(warmed).toHaveLength(6);
    expect(existsSync(warmed[0]!.cache!)).toBe(false);
    // Both halves of an alternation are asked the same.
    expect(seen[1]!.question).toEqual(seen[2]!.question);
    expect(seen[0]!.question).not.toEqual(seen[1]!.question);
  });

  test('endurance: faults count, those who hung up do not, memory is that of the end beside that after a fifth', async () => {
    const halves: Halves = {
      ...scripted({ ours: { first: 1, end: 2 }, peer: () => ({ first: 1, end: 2 }) }).halves,
      ours: (opts) => ({
        label: 'ours',
        async run(work) {
          expect(opts).toEqual({ model: '/somewhere/small.gguf' });
          expect(work.memoryEvery).toBe(1);
          const requests = answers(work.requests, { first: 1, end: 2 });
          requests[3] = { ...requests[3]!, status: 500, error: 'status 500: broken' };
          requests[4] = { ...requests[4]!, cancelled: true };
          const memory = work.requests.map((_, i) => ({
            ended: i + 1,
            bytes: (i < 50 ? 100 : 101) * 2 ** 20,
          }));
          return { warm: [], requests, memory };
        },
      }),
    };
    const [answered, memory] = await endurance(bench(halves), '/somewhere/small.gguf');
    expect(answered).toMatchObject({ ours: 99, peer: 100, bar: 1, better: 'higher' });
    expect(answered!.name).toContain('1 of them cancelled');
    expect(memory).toMatchObject({ ours: 101, peer: 100, ratio: 1.01, bar: 1.02, better: 'lower' });
  });
});
