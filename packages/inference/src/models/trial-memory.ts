import { mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheDir, sha256 } from '@lucie/ledger';
import { modelBytes, modelFiles, modelStamp } from '../gguf/model-files.ts';
import { findLibllama } from '../native/libllama.ts';
import { keepNewest } from './keep-newest.ts';

/** Smaller files are known by what they hold, larger ones by name, size, number and times: reading them takes seconds. */
const KNOWN_BY_CONTENT = 32_000_000;

/** Files that are remembered; each costs a few bytes and a name in a folder. */
const MOST = 200;

/** Raised when a trial tries more than before: what has passed an older one is tried again. */
const TRIAL = 2;

/** True when this very file has passed a trial with this engine on this kind of processor. */
export function trialRemembered(path: string): boolean {
  try {
    const memory = memoryOf(path);
    if (readFileSync(memory, 'utf8') !== 'passed\n') return false;
    touch(memory);
    return true;
  } catch {
    return false;
  }
}

/** Only what passed is remembered: a refusal may have come from a full memory. A memory that is lost costs a trial. */
export function rememberTrial(path: string): void {
  try {
    const memory = memoryOf(path);
    mkdirSync(join(cacheDir, 'trials'), { recursive: true });
    const aside = `${memory}.${process.pid}.tmp`;
    writeFileSync(aside, 'passed\n');
    renameSync(aside, memory);
    keepNewest(join(cacheDir, 'trials'), MOST);
  } catch {}
}

/** What is used goes last when room is made; a cache that may only be read is no error. */
function touch(memory: string): void {
  try {
    utimesSync(memory, new Date(), new Date());
  } catch {}
}

function memoryOf(path: string): string {
  const stamp =
    modelBytes(path) < KNOWN_BY_CONTENT
      ? modelFiles(path).map((file) => sha256(readFileSync(file)))
      : [resolve(path), modelStamp(path)];
  const key = [TRIAL, findLibllama().version, cpus()[0]?.model ?? '', ...stamp].join('\n');
  return join(cacheDir, 'trials', sha256(key));
}
