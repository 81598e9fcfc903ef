import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** What set-up finds on its PATH when a test says which programs there are. */
export interface OwnPath {
  /** An empty folder, anew for each test. */
  readonly home: string;
  /** All of the PATH. */
  readonly bin: string;
  /** Puts a program there. */
  program(name: string, script: string): void;
}

/** For every test of the file that calls it. */
export function ownPath(): OwnPath {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lucie-own-path-'));
    mkdirSync(join(home, 'bin'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  return {
    get home() {
      return home;
    },
    get bin() {
      return join(home, 'bin');
    },
    program(name, script) {
      const path = join(home, 'bin', name);
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
    },
  };
}
