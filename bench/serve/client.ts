import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { EventReader } from './event-reader.ts';
import type { ClientPlan, ClientReport, Measured, PlannedRequest } from './plan.ts';

/**
 * The client of the serving bench, in a process of its own so that it can have its own core:
 * `node client.ts PLAN.json REPORT.json`.
 */
const SILENCE_MS = 120_000;
const [planPath, reportPath] = process.argv.slice(2) as [string, string];
const plan = JSON.parse(readFileSync(planPath, 'utf8')) as ClientPlan;
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
let start = performance.now();
let ended = 0;
const memory: ClientReport['memory'] = [];

const warm: Measured[] = [];
for (const item of plan.warm) warm.push(await send(item));

const results: Measured[] = new Array(plan.requests.length);
start = performance.now();
const timed = [...plan.requests.entries()].filter(([, item]) => item.at !== undefined);
const queued = [...plan.requests.entries()].filter(([, item]) => item.at === undefined);
await Promise.all([
  ...timed.map(async ([index, item]) => {
    await new Promise((resolve) => setTimeout(resolve, item.at! - (performance.now() - start)));
    await measure(index, item);
  }),
  ...Array.from({ length: Math.min(plan.workers, queued.length) }, async () => {
    for (let next = queued.shift(); next; next = queued.shift()) await measure(...next);
  }),
]);
agent.destroy();
writeFileSync(reportPath, JSON.stringify({ warm, requests: results, memory } satisfies ClientReport));

async function measure(index: number, item: PlannedRequest): Promise<void> {
  results[index] = await send(item);
  ended++;
  if (plan.memoryEvery === undefined || ended % plan.memoryEvery !== 0) return;
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${plan.pid}/status`, 'utf8')) ?? [];
  memory.push({ ended, bytes: Number(kib) * 1024 });
  process.stdout.write(`${ended}\n`);
}

/** Sends one request and reads its stream to the end; never throws. */
function send(item: PlannedRequest): Promise<Measured> {
  const body = Buffer.from(JSON.stringify(item.body));
  const sent = performance.now() - start;
  return new Promise((resolve) => {
    let first: number | undefined;
    let status = 0;
    let cancelled = false;
    let timer: NodeJS.Timeout | undefined;
    const reader = new EventReader(() => {
      first = performance.now() - start;
    });
    let plain = '';
    const finish = (failure?: string) => {
      clearTimeout(timer);
      const { promptTokens, cachedTokens, completionTokens, done, error } = reader.facts;
      const found =
        error ??
        (cancelled
          ? undefined
          : status === 200 && done
            ? undefined
            : (failure ?? `status ${status}: ${plain}`));
      resolve({
        ...{ status, sent, end: performance.now() - start, promptTokens, cachedTokens, completionTokens },
        ...(first === undefined ? {} : { first }),
        cancelled,
        ...(found === undefined ? {} : { error: found.slice(0, 300) }),
      });
    };
    const call = request(
      {
        agent,
        ...{ host: '127.0.0.1', port: plan.port, path: item.path, method: 'POST' },
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (answer) => {
        status = answer.statusCode ?? 0;
        answer.on('data', (bytes: Buffer) => {
          if (status === 200) reader.push(bytes);
          else plain += bytes.toString('utf8').slice(0, 300);
        });
        answer.once('end', () => finish());
        answer.once('error', (error) => finish(error.message));
      },
    );
    call.setTimeout(SILENCE_MS, () => call.destroy(new Error('no byte for two minutes')));
    call.once('error', (error) => {
      // The server closed a connection that was kept alive just as it was taken again: sent anew, as every client does.
      if (call.reusedSocket && status === 0 && !cancelled) {
        clearTimeout(timer);
        resolve(send(item));
      } else finish(error.message);
    });
    if (item.cancelAfter !== undefined) {
      timer = setTimeout(() => {
        cancelled = true;
        call.destroy();
        // Before any answer, nothing else tells of the end.
        finish();
      }, item.cancelAfter);
    }
    call.end(body);
  });
}
