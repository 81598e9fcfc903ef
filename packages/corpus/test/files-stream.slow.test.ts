import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { tempDir } from './make-files.ts';

const GB = 1e9;
/** `LUCIE_STREAM_GB=10 npx vitest run …/files-stream.slow.test.ts` (with `LUCIE_TEST_ALL=1`) passes ten. */
const size = Number(process.env.LUCIE_STREAM_GB ?? 1) * GB;

/** Through a pipe with a name, so that what is written need not lie anywhere. */
test.skipIf(process.platform === 'win32').each(['a.jsonl', 'a.jsonl.gz'])(
  'gigabytes of JSON Lines pass in far less memory: %s',
  { timeout: 3_600_000 },
  async (name) => {
    const path = join(tempDir(), name);
    execFileSync('mkfifo', [path]);
    const start = (script: string, ...args: string[]) =>
      json(
        spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }).stdout,
      );
    const [written, read] = (await Promise.all([
      start('stream-writer.ts', path, String(name.endsWith('.gz') ? size / 4 : size)),
      start('stream-reader.ts', path),
    ])) as [{ documents: number; bytes: number }, { documents: number; characters: number; peak: number }];
    expect(written.bytes).toBeGreaterThanOrEqual(size / 4);
    expect(read.documents).toBe(written.documents);
    expect(read.characters).toBeGreaterThan(0.9 * written.bytes);
    expect(read.peak).toBeLessThan(GB);
    console.info(
      `${(written.bytes / GB).toFixed(1)} GB, ${read.documents} documents, at most ${Math.round(read.peak / 1e6)} MB of memory`,
    );
  },
);
