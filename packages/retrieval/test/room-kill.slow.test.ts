import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addUntilKilled } from './killed-room.ts';
import { expectWhole } from './whole-room.ts';

it('five kills at any moment leave whole documents, all that were said to be added', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lucie-kills-'));
  const path = join(dir, 'salle.sqlite');
  try {
    let there = 0;
    for (const delayMs of [0, 7, 23, 41, 64]) {
      const added = await addUntilKilled(path, there, { afterAdded: 2, delayMs });
      const now = await expectWhole(path);
      // The last one may be written without having been said.
      expect(now - there - added).toBeOneOf([0, 1]);
      there = now;
    }
    expect(there).toBeGreaterThanOrEqual(10);
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 300_000);
