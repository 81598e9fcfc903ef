const EVENT_END = Buffer.from('\n\n');

/** What the client needs of a stream of server-sent events as OpenAI's API writes them. */
export interface StreamFacts {
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  /** The answer's end was announced. */
  done: boolean;
  /** Message of an error that came in place of an event. */
  error?: string;
}

interface Event {
  error?: { message?: string };
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
  } | null;
  choices?: { text?: string; delta?: { content?: string | null } }[];
}

/**
 * Reads server-sent events at little cost, so that the client does not measure itself: events are parsed until the
 * first text has come, then only those that speak of usage or of an error.
 */
export class EventReader {
  readonly facts: StreamFacts = { promptTokens: 0, cachedTokens: 0, completionTokens: 0, done: false };
  #onFirst: () => void;
  #started = false;
  #rest: Buffer = Buffer.alloc(0);

  /** @param onFirst - called once, when the first text has come */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  /** Takes what the connection gave: any cut, in the middle of a character too. */
  push(bytes: Buffer): void {
    let buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let end = buffer.indexOf(EVENT_END); end !== -1; end = buffer.indexOf(EVENT_END)) {
      this.#event(buffer.subarray(0, end));
      buffer = buffer.subarray(end + EVENT_END.length);
    }
    this.#rest = buffer;
  }

  #event(bytes: Buffer): void {
    // Quotes inside a text are escaped, so neither of these can stand in one.
    const matters = !this.#started || bytes.includes('"usage":{') || bytes.includes('"error":');
    const isEnd = bytes.length < 16 && bytes.includes('[DONE]');
    if (isEnd) this.facts.done = true;
    if (isEnd || !matters) return;
    const data = dataOf(bytes.toString('utf8'));
    if (data === undefined) return;
    const event = JSON.parse(data) as Event;
    if (event.error) this.facts.error = event.error.message ?? 'an error without a message';
    if (event.usage) {
      this.facts.promptTokens = event.usage.prompt_tokens ?? 0;
      this.facts.completionTokens = event.usage.completion_tokens ?? 0;
      this.facts.cachedTokens = event.usage.prompt_tokens_details?.cached_tokens ?? 0;
    }
    const [choice] = event.choices ?? [];
    if (!this.#started && (choice?.text || choice?.delta?.content)) {
      this.#started = true;
      this.#onFirst();
    }
  }
}

/** The JSON of an event; undefined for comments. */
function dataOf(event: string): string | undefined {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? undefined : lines.map((line) => line.slice(5).trimStart()).join('\n');
}
