/** What has been done since the engine was loaded: plain numbers, that only grow unless their line says otherwise. */
export interface Counters {
  /** Prompt tokens that were decoded. */
  promptTokens: number;
  /** Prompt tokens that came from a shared prefix. */
  reusedTokens: number;
  /** Tokens of answers. */
  completionTokens: number;
  steps: number;
  /** Rows added to steps because wide ones are quicker. */
  fillers: number;
  stepMsTotal: number;
  /** The longest step. */
  stepMsMax: number;
  /** The last step; goes up and down. */
  stepMsLast: number;
  /** Requests that began with a shared prefix. */
  prefixHits: number;
  /** Kept ends that were given up for room. */
  evictions: number;
  /** Answers put back in line for want of room. */
  preemptions: number;
  /** Prefixes that were read from disk. */
  restored: number;
}

export function newCounters(): Counters {
  return {
    promptTokens: 0,
    reusedTokens: 0,
    completionTokens: 0,
    steps: 0,
    fillers: 0,
    stepMsTotal: 0,
    stepMsMax: 0,
    stepMsLast: 0,
    prefixHits: 0,
    evictions: 0,
    preemptions: 0,
    restored: 0,
  };
}
