import { readFileSync } from 'node:fs';
import { Engine } from '@lucie/inference';

/** What the engine does without HTTP: `node engine-alone.ts PLAN.json` prints one JSON line. */
export interface AlonePlan {
  model: string;
  contextSize: number;
  sequences: number;
  /** One after the other before the clock starts. */
  warm: AloneRequest[];
  requests: AloneRequest[];
  /** Requests under way at once. */
  workers: number;
}

export interface AloneRequest {
  prompt: string;
  maxTokens: number;
}

export interface AloneReport {
  tokens: number;
  seconds: number;
}

if (import.meta.main) {
  const plan = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as AlonePlan;
  const { contextSize, sequences } = plan;
  await using engine = await Engine.load(plan.model, { threads: 1, contextSize, sequences });
  const answer = async (request: AloneRequest) => {
    const generation = engine.generate({ ...request, temperature: 0 });
    // Texts are looked at, as whoever shows them would.
    let length = 0;
    for await (const { text } of generation) length += text.length;
    if (length === 0) throw new Error('an answer without text');
    return generation.completionTokens;
  };
  for (const request of plan.warm) await answer(request);
  const queue = [...plan.requests];
  let tokens = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: plan.workers }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const written = await answer(next);
        tokens += written;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  console.log(JSON.stringify({ tokens, seconds } satisfies AloneReport));
}
