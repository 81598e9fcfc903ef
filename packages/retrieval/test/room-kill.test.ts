import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addUntilKilled } from './killed-room.ts';
import { expectWhole } from './whole-room.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lucie-kill-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it.each([{ before: 'COMMIT' as const }, { before: 'half' as const }])(
  'a process that is killed while it writes a document leaves those before it: $before',
  async (kill) => {
    const path = join(dir, 'salle.sqlite');
    expect(await addUntilKilled(path, 0, kill)).toBe(1);
    expect(await expectWhole(path)).toBe(1);
    // The room goes on where it stopped.
    expect(await addUntilKilled(path, 1, { before: 'COMMIT' })).toBeGreaterThan(0);
    expect(await expectWhole(path)).toBeGreaterThan(1);
  },
);
