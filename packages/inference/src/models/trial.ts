import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LucieError } from '@lucie/ledger';
import { modelBytes } from '../gguf/model-files.ts';

/** What the child says about one file. */
export type TrialAnswer = { ok: true } | { ok: false; reason: string };

export interface TrialLimits {
  /** Milliseconds for one file. Default: a minute, and what reading it takes at 50 MB/s. */
  timeMs?: number;
  /**
   * Bytes of memory of its own that the child may take; the mapped file is not counted. Default: the size of the file
   * (weights that are packed anew for this processor are a copy) and 2 GiB.
   */
  memoryBytes?: number;
}

const CHILD = join(import.meta.dirname, 'trial-child.ts');
const WATCH_MS = 50;
const KEPT_LOG = 2000;

/**
 * Lets a child process load the file, read a sentence with it and decode one token.
 * @throws LucieError `MODEL_REFUSED` with what was last logged, when the child refuses, crashes, hangs or takes too much
 */
export async function tryModel(path: string, limits: TrialLimits = {}): Promise<void> {
  await using trial = new Trial(limits);
  await trial.try(path);
}

/** A child process that tries files one after another, and is started again when one of them has killed it. */
export class Trial implements AsyncDisposable {
  /** Processes started so far. */
  started = 0;
  #limits: TrialLimits;
  #child: Child | undefined;

  constructor(limits: TrialLimits = {}) {
    this.#limits = limits;
  }

  /** One file at a time. @throws LucieError `MODEL_REFUSED` */
  async try(path: string): Promise<void> {
    if (!this.#child?.alive) {
      this.started++;
      this.#child = new Child();
    }
    const size = modelBytes(path);
    const answer = await this.#child.ask(path, {
      timeMs: this.#limits.timeMs ?? 60_000 + size / 50_000,
      memoryBytes: this.#limits.memoryBytes ?? size + 2 * 2 ** 30,
    });
    if (answer.ok) return;
    throw new LucieError({
      code: 'MODEL_REFUSED',
      found: `${path} that llama.cpp does not run (${answer.reason})`,
      expected: 'a complete text or embedding model of an architecture that llama.cpp knows',
      todo: 'fetch or build this file again, or name another',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.end();
  }
}

class Child {
  #process: ChildProcess;
  #ended: Promise<string>;
  #answers: AsyncIterator<string>;
  #log = '';
  alive = true;

  constructor() {
    this.#process = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C in the terminal reaches the server, which ends the child itself.
      detached: true,
      // Without it abort() first starts a debugger, where one is installed, to print the stack.
      env: { ...process.env, GGML_NO_BACKTRACE: '1', NODE_OPTIONS: '' },
    });
    this.#process.stdin!.on('error', () => {});
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-KEPT_LOG);
    });
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#process.once('close', (code, signal) =>
        resolve(signal ? `ended by ${signal}` : `ended with ${code}`),
      );
    }).then((how) => {
      this.alive = false;
      return String(how);
    });
  }

  async ask(path: string, limits: Required<TrialLimits>): Promise<TrialAnswer> {
    this.#log = '';
    let killed = '';
    const kill = (reason: string) => {
      killed ||= reason;
      this.#kill();
    };
    const time = setTimeout(() => kill(`not done after ${limits.timeMs / 1000} s`), limits.timeMs);
    const watch = setInterval(() => {
      const bytes = ownMemory(this.#process.pid);
      if (bytes > limits.memoryBytes) kill(`took more than ${Math.round(limits.memoryBytes / 2 ** 20)} MiB`);
    }, WATCH_MS);
    try {
      this.#process.stdin!.write(`${JSON.stringify(path)}\n`);
      const { value, done } = await this.#answers.next();
      if (!done) return JSON.parse(value) as TrialAnswer;
      const how = await this.#ended;
      return {
        ok: false,
        reason: [killed || `the trial ${how}`, lastLine(this.#log)].filter(Boolean).join(': '),
      };
    } finally {
      clearTimeout(time);
      clearInterval(watch);
    }
  }

  async end(): Promise<void> {
    this.#kill();
    await this.#ended;
  }

  #kill(): void {
    if (!this.alive || this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      this.#process.kill('SIGKILL');
    }
  }
}

/** Anonymous memory of a process, in bytes; 0 when it has ended. */
function ownMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return 1024 * Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The line that says why, where there is one: Node and ggml write more below it. */
function lastLine(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    lines.findLast((line) => /assert|error|fail|invalid|out of memory/i.test(line)) ?? lines.at(-1) ?? ''
  );
}
