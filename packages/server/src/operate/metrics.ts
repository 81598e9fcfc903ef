import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnswerFigures } from './answer-figures.ts';

/** A model in memory, and what its engine says of itself when it is asked; `EngineStats` of `@lucie/inference` fits. */
export interface ModelState {
  name: string;
  stats: {
    active: number;
    waiting: number;
    stepMsLast: number;
    stepMsMax: number;
    cells: number;
    cellsTotal: number;
    prefixHits: number;
    evictions: number;
    preemptions: number;
  };
  /** What was reserved for it, where that is known. */
  memoryBytes?: number | undefined;
}

/** The only labels there are: none of them can hold a person, a room, a key, an address or a text. */
export const METRIC_LABELS = ['model', 'route', 'status'] as const;

const OF_STATS: readonly [string, string, (stats: ModelState['stats']) => number][] = [
  ['lucie_active', 'Answers being written', (stats) => stats.active],
  ['lucie_waiting', 'Answers in line', (stats) => stats.waiting],
  ['lucie_step_seconds', 'Time of the last step', (stats) => stats.stepMsLast / 1000],
  ['lucie_step_seconds_max', 'Time of the longest step since loading', (stats) => stats.stepMsMax / 1000],
  ['lucie_cells_used', 'Tokens in the shared memory', (stats) => stats.cells],
  ['lucie_cells', 'Tokens that the shared memory holds at most', (stats) => stats.cellsTotal],
  [
    'lucie_prefix_hits',
    'Prompts that began with a shared prefix, since loading',
    (stats) => stats.prefixHits,
  ],
  ['lucie_evictions', 'Kept prefixes given up for room, since loading', (stats) => stats.evictions],
  ['lucie_preemptions', 'Answers put back in line for room, since loading', (stats) => stats.preemptions],
];

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const TOKEN_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/**
 * Prometheus' view of a server. Names end in their unit; sums since the start are counters.
 * @param models - asked at each scrape for those that are loaded
 */
export class Metrics implements Disposable {
  readonly registry = new Registry();
  #delay = monitorEventLoopDelay({ resolution: 20 });
  #requests = this.#counter('lucie_http_requests_total', 'Requests answered', ['route', 'status']);
  #answers = this.#counter('lucie_answers_total', 'Answers ended, however they did', ['model']);
  #promptTokens = this.#counter('lucie_prompt_tokens_total', 'Tokens of prompts', ['model']);
  #reusedTokens = this.#counter(
    'lucie_reused_tokens_total',
    'Tokens of prompts that came from a shared prefix',
    ['model'],
  );
  #completionTokens = this.#counter('lucie_completion_tokens_total', 'Tokens written', ['model']);
  #joules = this.#counter('lucie_energy_joules_total', 'Energy of answers, measured or estimated', ['model']);
  #firstToken = this.#histogram(
    'lucie_time_to_first_token_seconds',
    'From the request to its first token',
    SECONDS,
  );
  #perToken = this.#histogram(
    'lucie_time_per_token_seconds',
    'Between tokens of an answer, its mean',
    TOKEN_SECONDS,
  );
  #queued = this.#histogram('lucie_queue_seconds', 'Time in line', SECONDS);

  constructor(models: () => readonly ModelState[]) {
    this.#delay.enable();
    this.#ofModels('lucie_model_loaded', '1 for each model in memory', models, () => 1);
    for (const [name, help, read] of OF_STATS) this.#ofModels(name, help, models, ({ stats }) => read(stats));
    this.#ofModels('lucie_model_memory_bytes', 'Memory of a model', models, (model) => model.memoryBytes);
    const delay = this.#delay;
    this.#gauge('lucie_event_loop_delay_seconds', 'Event loop delay since the last scrape, p99', () => {
      const seconds = delay.percentile(99) / 1e9;
      delay.reset();
      return seconds;
    });
    this.#gauge('lucie_resident_memory_bytes', 'Resident memory of the process', () =>
      process.memoryUsage.rss(),
    );
    this.#gauge('lucie_uptime_seconds', 'Since the process began', () => process.uptime());
  }

  /** @param route - the pattern that was registered, never the path that was asked for */
  countRequest(route: string, status: number): void {
    this.#requests.inc({ route, status: String(status) });
  }

  countAnswer(figures: AnswerFigures): void {
    const { model, completionTokens, firstTokenMs } = figures;
    this.#answers.inc({ model });
    this.#promptTokens.inc({ model }, figures.promptTokens);
    this.#reusedTokens.inc({ model }, figures.cachedTokens);
    this.#completionTokens.inc({ model }, completionTokens);
    if (figures.joules !== undefined) this.#joules.inc({ model }, figures.joules);
    if (figures.queuedMs !== undefined) this.#queued.observe({ model }, figures.queuedMs / 1000);
    if (firstTokenMs === undefined) return;
    this.#firstToken.observe({ model }, firstTokenMs / 1000);
    if (completionTokens > 1) {
      this.#perToken.observe(
        { model },
        Math.max(0, figures.totalMs - firstTokenMs) / 1000 / (completionTokens - 1),
      );
    }
  }

  /** Prometheus' text format, with its content type. */
  async text(): Promise<{ body: string; contentType: string }> {
    return { body: await this.registry.metrics(), contentType: this.registry.contentType };
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
  }

  #counter(name: string, help: string, labelNames: (typeof METRIC_LABELS)[number][]) {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: number[]) {
    return new Histogram({ name, help, buckets, labelNames: ['model'] as const, registers: [this.registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #ofModels(
    name: string,
    help: string,
    models: () => readonly ModelState[],
    read: (model: ModelState) => number | undefined,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: ['model'] as const,
      registers: [this.registry],
      collect() {
        // A model that was unloaded says nothing any more.
        this.reset();
        for (const model of models()) {
          const value = read(model);
          if (value !== undefined) this.set({ model: model.name }, value);
        }
      },
    });
  }
}
