import { z } from '@hono/zod-openapi';
import type { AnswerGrammar, ModelRequest } from './chat-model.ts';

/** Text as JSON can hold it and a tokenizer can read it. */
export const text = z.string({ error: 'expected a string' }).refine((value) => value.isWellFormed(), {
  error: 'expected valid Unicode (found half of a surrogate pair)',
});

/** Text that is not empty. */
export function someText(most = Number.MAX_SAFE_INTEGER) {
  return text
    .min(1, { error: 'expected at least one character' })
    .max(most, { error: `expected at most ${most} characters` });
}

/** A number within bounds; one sentence for whatever is wrong with it. */
function bounded(expected: string, bounds: { from?: number; above?: number; to: number }) {
  const error = `expected ${expected}`;
  const number = z.number({ error }).max(bounds.to, { error });
  return (
    bounds.above === undefined ? number.min(bounds.from ?? 0, { error }) : number.gt(bounds.above, { error })
  ).nullish();
}

function whole(expected: string, from: number, to: number) {
  const error = `expected ${expected}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** A name for a room or a person in it: the scheduler keeps them apart, and nothing else is done with it. */
const name = someText(200);

const stop = z.union([someText(), z.array(someText()).max(4)], {
  error: 'expected a non-empty string or at most four of them',
});

/** Most answers of one request. */
export const MAX_CHOICES = 4;

/** The fields that decide how text is drawn; chat and completions share them. */
export const samplingFields = {
  temperature: bounded('a number from 0 to 2', { to: 2 }),
  top_p: bounded('a number above 0, at most 1', { above: 0, to: 1 }),
  top_k: whole('a whole number from 0', 0, 1_000_000)
    .nullish()
    .openapi({ description: 'Draw among so many likeliest tokens; 0: all of them.' }),
  min_p: bounded('a number from 0 to 1', { to: 1 }).openapi({
    description: 'Leave out tokens less likely than this share of the likeliest.',
  }),
  repetition_penalty: bounded('a number above 0, at most 10', { above: 0, to: 10 }),
  frequency_penalty: bounded('a number from -2 to 2', { from: -2, to: 2 }),
  presence_penalty: bounded('a number from -2 to 2', { from: -2, to: 2 }),
  logit_bias: z
    .record(
      z.string().regex(/^\d{1,9}$/),
      z
        .number({ error: 'expected a number from -100 to 100' })
        .min(-100, { error: 'expected a number from -100 to 100' })
        .max(100, { error: 'expected a number from -100 to 100' }),
      {
        error: ({ code }) =>
          code === 'invalid_key'
            ? "expected a token's id, a whole number, as the key"
            : 'expected an object of numbers from -100 to 100 by token id',
      },
    )
    .nullish()
    .openapi({ description: 'Added to the logits by token id; -100 bans a token.' }),
  seed: z
    .int({ error: 'expected a whole number, at most 9007199254740991' })
    .min(Number.MIN_SAFE_INTEGER)
    .max(Number.MAX_SAFE_INTEGER)
    .nullish(),
  stop: stop.nullish(),
  n: whole(`a whole number from 1 to ${MAX_CHOICES}`, 1, MAX_CHOICES).nullish(),
  stream: z.boolean({ error: 'expected true or false' }).nullish(),
  stream_options: z
    .object(
      { include_usage: z.boolean({ error: 'expected true or false' }).nullish() },
      { error: 'expected an object' },
    )
    .nullish(),
  grammar: someText()
    .nullish()
    .openapi({ description: 'What the answer must be, as GBNF text with a rule `root`.' }),
  deterministic: z.boolean({ error: 'expected true or false' }).nullish().openapi({
    description: 'Decode alone, so that the same request gives the same bytes whatever else runs.',
  }),
  room: name.nullish().openapi({ description: 'Whose turn it is: rooms take turns.' }),
  person: name.nullish().openapi({ description: 'Within a room, persons take turns.' }),
  deadline_ms: whole('a whole number of milliseconds, at most a day', 1, 86_400_000)
    .nullish()
    .openapi({ description: 'The answer ends after so many milliseconds, in line or at work.' }),
};

const fields = z.object(samplingFields);

/** These fields, checked. */
export type SamplingFields = z.infer<typeof fields>;

const SAME_NAME = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['min_p', 'minP'],
  ['repetition_penalty', 'repetitionPenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['presence_penalty', 'presencePenalty'],
  ['deadline_ms', 'deadlineMs'],
] as const satisfies [keyof SamplingFields, keyof ModelRequest][];

/** The model's options for these fields; what was not sent is not there, so that the model's defaults hold. */
export function samplingOptions(
  body: SamplingFields,
  answer: { grammar?: AnswerGrammar | undefined; topLogprobs?: number | undefined },
): Partial<ModelRequest> & Pick<ModelRequest, 'stop'> {
  const stops = body.stop ?? [];
  const options: Partial<ModelRequest> & Pick<ModelRequest, 'stop'> = {
    stop: typeof stops === 'string' ? [stops] : stops,
  };
  for (const [field, option] of SAME_NAME) {
    const value = body[field];
    if (typeof value === 'number') options[option] = value;
  }
  const bias = Object.entries(body.logit_bias ?? {});
  if (bias.length > 0) options.logitBias = new Map(bias.map(([id, value]) => [Number(id), value]));
  const grammar = body.grammar ? { gbnf: body.grammar } : answer.grammar;
  if (grammar) options.grammar = grammar;
  if (answer.topLogprobs !== undefined) options.topLogprobs = answer.topLogprobs;
  if (body.deterministic) options.deterministic = true;
  if (body.room) options.room = body.room;
  if (body.person) options.person = body.person;
  return options;
}
