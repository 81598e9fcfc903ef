import type { ModelChunk } from './chat-model.ts';
import type { ChoiceSink, Choices } from './choices.ts';
import type { EventStream } from './event-stream.ts';
import type { Gate } from './gate.ts';
import { answerHead, type Wording } from './wording.ts';

/** What waits to be sent, and what never changes, of one choice. */
interface ChoiceState {
  before: string;
  between: string;
  after: string;
  /** Not yet written. */
  text: string;
  chunks: ModelChunk[];
  /** Characters written. */
  offset: number;
}

/**
 * Words choices as chunks on an event stream. A chunk costs one string: all around its text was made beforehand.
 * Tokens that come while the stream waits are put together in one chunk, so that what waits is little more than text.
 */
export class ChunkWriter implements ChoiceSink {
  #events: EventStream;
  #wording: Wording;
  #states: ChoiceState[];
  #head: Record<string, unknown>;
  #logprobs: boolean;
  #usage: boolean;
  #opened = false;
  #ended = 0;
  #lastEnd: object | undefined;

  constructor(
    events: EventStream,
    wording: Wording,
    opts: { model: string; choices: number; logprobs: boolean; includeUsage: boolean },
  ) {
    this.#events = events;
    this.#wording = wording;
    this.#logprobs = opts.logprobs;
    this.#usage = opts.includeUsage;
    this.#head = { ...answerHead(wording, opts.model), object: wording.chunkObject };
    const head = JSON.stringify(this.#head).slice(0, -1);
    // With `include_usage` every chunk but the last has a null usage.
    const usage = this.#usage ? ',"usage":null' : '';
    this.#states = Array.from({ length: opts.choices }, (_, index) => {
      const { before, between, after } = wording.piece(index);
      return {
        before: `${head},"choices":[${before}`,
        between,
        after: `${after}]${usage}}`,
        text: '',
        chunks: [],
        offset: 0,
      };
    });
    events.onDrain = () => this.#writeAll();
  }

  /** True once something was written. */
  get opened(): boolean {
    return this.#opened;
  }

  piece(index: number, chunk: ModelChunk): void {
    const state = this.#states[index]!;
    state.text += chunk.text;
    if (this.#logprobs) state.chunks.push(chunk);
    // Log probabilities are long: each token's are made into text at once, whose length the stream bounds.
    if (this.#opened && this.#events.waiting && !this.#logprobs) return;
    this.#write(state);
  }

  end(index: number, finishReason: string): void {
    this.#write(this.#states[index]!);
    this.#open();
    const choice = this.#wording.end(index, finishReason);
    // The last one waits for what the whole answer cost.
    if (++this.#ended === this.#states.length) this.#lastEnd = choice;
    else this.#send([choice], {});
  }

  /** The last chunk with what the answer cost, the usage where it was asked for, and the end mark. */
  finish(choices: Choices, gate: Gate | null): void {
    this.#send([this.#lastEnd!], { lucie: choices.lucie(gate) });
    if (this.#usage) this.#send([], { usage: choices.usage() });
    this.#events.send('[DONE]');
    this.#events.end();
  }

  #open(): void {
    if (this.#opened) return;
    this.#opened = true;
    const { opening } = this.#wording;
    if (opening) for (const index of this.#states.keys()) this.#send([opening(index)], {});
  }

  #writeAll(): void {
    for (const state of this.#states) this.#write(state);
  }

  #write(state: ChoiceState): void {
    if (state.text === '' && state.chunks.length === 0) return;
    this.#open();
    const logprobs = this.#logprobs
      ? JSON.stringify(this.#wording.logprobs(state.chunks, state.offset))
      : 'null';
    this.#events.send(state.before + JSON.stringify(state.text) + state.between + logprobs + state.after);
    state.offset += state.text.length;
    state.text = '';
    state.chunks = [];
  }

  #send(choices: object[], rest: object): void {
    const usage = this.#usage ? { usage: null } : {};
    this.#events.send(JSON.stringify({ ...this.#head, choices, ...usage, ...rest }));
  }
}
