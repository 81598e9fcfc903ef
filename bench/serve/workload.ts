import { Random } from '@lucie/ledger';
import { FrenchLike } from './french-like.ts';
import type { PlannedRequest } from './plan.ts';

/** How many requests of which size; tests take smaller ones. */
export interface ServeSizes {
  /** Requests at once of the throughput rows. */
  parallel: readonly number[];
  /** Requests that each worker sends one after the other. */
  rounds: number;
  /** Tokens of each of their answers. */
  tokens: number;
  pupils: number;
  /** Words of the course; about 1.6 tokens each. */
  courseWords: number;
  /** Tokens of each pupil's answer. */
  answerTokens: number;
  /** Milliseconds within which all pupils ask. */
  arrivalMs: number;
  /** Requests of the endurance row, and after how many memory is compared with the end. */
  requests: number;
  settled: number;
}

/** The sizes that issue 5 names. */
export const fullSizes: ServeSizes = {
  parallel: [1, 4, 8],
  rounds: 3,
  tokens: 128,
  pupils: 30,
  courseWords: 1280,
  answerTokens: 48,
  arrivalMs: 2000,
  requests: 10_000,
  settled: 2_000,
};

/** How answers are drawn. */
export const GREEDY = { temperature: 0 };
/** As people chat; what llama-server does by default beyond it is switched off. */
export const DRAWN = { temperature: 0.8, top_k: 40, top_p: 1, min_p: 0 };

const QUESTION_WORDS = 12;

function completion(prompt: string, opts: { model: string; tokens: number; sampling: object }) {
  return {
    path: '/v1/completions',
    body: { model: opts.model, prompt, max_tokens: opts.tokens, ...streamed, ...opts.sampling },
  } as const;
}

const streamed = { stream: true, stream_options: { include_usage: true } };

/** Requests of which `parallel` are under way at once, every prompt another one; `run` makes new prompts. */
export function throughputRequests(
  parallel: number,
  opts: { sizes: ServeSizes; model: string; run: number; sampling: object },
): PlannedRequest[] {
  const { sizes, model, run, sampling } = opts;
  return Array.from({ length: parallel * sizes.rounds }, (_, i) =>
    completion(new FrenchLike(1_000_000 * run + 1000 * parallel + i).text(QUESTION_WORDS), {
      ...{ model, sampling, tokens: sizes.tokens },
    }),
  );
}

/** What comes before what is measured, so that neither a processor's cache nor a compiler of JavaScript is cold. */
export function firstRequests(model: string): PlannedRequest[] {
  return Array.from({ length: 3 }, (_, i) =>
    completion(new FrenchLike(9_000_000 + i).text(QUESTION_WORDS), { model, tokens: 64, sampling: GREEDY }),
  );
}

/** What a class reads, the same in every run. */
export function courseText(sizes: ServeSizes): string {
  return new FrenchLike(77).text(sizes.courseWords);
}

/** A question about the course, as a message of the room. */
export function courseQuestion(
  sizes: ServeSizes,
  opts: { model: string; person: string; seed: number },
): PlannedRequest {
  const question = new FrenchLike(opts.seed).text(QUESTION_WORDS);
  return {
    path: '/v1/chat/completions',
    body: {
      model: opts.model,
      messages: [
        { role: 'system', content: courseText(sizes) },
        { role: 'user', content: `${question.slice(0, -1)} ?` },
      ],
      max_tokens: sizes.answerTokens,
      // Whose turn it is with us; llama-server does not read these.
      room: 'classe',
      person: opts.person,
      ...streamed,
      ...GREEDY,
    },
  };
}

/** A class: the teacher asks first, then every pupil once, at a time of their own. */
export function classroomRequests(opts: { sizes: ServeSizes; model: string; run: number }): {
  warm: PlannedRequest[];
  requests: PlannedRequest[];
} {
  const { sizes, model, run } = opts;
  const random = new Random(run, 'arrivals');
  const times = Array.from({ length: sizes.pupils }, () => sizes.arrivalMs * random.float()).sort(
    (a, b) => a - b,
  );
  return {
    warm: [courseQuestion(sizes, { model, person: 'professeur', seed: 5_000_000 + run })],
    requests: times.map((at, i) => ({
      ...courseQuestion(sizes, { model, person: `eleve-${i}`, seed: 6_000_000 + 1000 * run + i }),
      at,
    })),
  };
}

/** Many short requests, two of five of which hang up after a random time. */
export function enduranceRequests(opts: { sizes: ServeSizes; model: string }): PlannedRequest[] {
  const random = new Random(9, 'endurance');
  const rooms = ['a', 'b', 'c'].map((name) => ({
    name,
    rules: new FrenchLike(name.charCodeAt(0)).text(120),
  }));
  return Array.from({ length: opts.sizes.requests }, (_, i) => {
    const tokens = 1 + random.below(24);
    const text = new FrenchLike(8_000_000 + i).text(4 + random.below(40));
    const room = rooms[random.below(rooms.length)]!;
    const base = completion(text, { model: opts.model, tokens, sampling: GREEDY });
    const chat = random.below(2) === 0;
    const { prompt, ...rest } = base.body;
    const cancel = random.below(5) < 2 ? { cancelAfter: random.below(150) } : {};
    if (!chat) return { ...base, ...cancel };
    const messages = [
      { role: 'system', content: room.rules },
      { role: 'user', content: prompt },
    ];
    return {
      path: '/v1/chat/completions',
      body: { ...rest, messages, room: room.name, person: `p${random.below(9)}` },
      ...cancel,
    };
  });
}
