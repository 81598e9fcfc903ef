/** A request to be sent, by the client's own clock or when its turn comes. */
export interface PlannedRequest {
  path: '/v1/completions' | '/v1/chat/completions';
  /** Sent as JSON. */
  body: Record<string, unknown>;
  /** Milliseconds after the start; absent: as soon as one of the plan's workers is free. */
  at?: number;
  /** Milliseconds after sending at which the client hangs up. */
  cancelAfter?: number;
}

/** What the client does: first `warm`, one after the other, then `requests`. */
export interface ClientPlan {
  port: number;
  warm: PlannedRequest[];
  requests: PlannedRequest[];
  /** Requests without a time that are under way at once. */
  workers: number;
  /** Report the server's resident memory as seen after every so many requests; needs `pid`. */
  memoryEvery?: number;
  pid?: number;
}

/** What became of a request; times in milliseconds since the first of `requests` was due. */
export interface Measured {
  /** HTTP's; 0 when the connection failed. */
  status: number;
  sent: number;
  /** When the first text came; undefined where none did. */
  first?: number;
  end: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  cancelled: boolean;
  /** Why it failed, where it did. */
  error?: string;
}

export interface ClientReport {
  warm: Measured[];
  requests: Measured[];
  /** Bytes, by number of requests that had ended. */
  memory: { ended: number; bytes: number }[];
}
