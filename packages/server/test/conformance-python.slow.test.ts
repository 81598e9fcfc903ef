import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cases, casesPath, conformingServer, judge } from './conformance.ts';
import type { Observed } from './conformance-client.ts';
import { openaiPython } from './peer-openai.ts';

const folder = join(import.meta.dirname, '../../../bench/serve');

const found = await openaiPython();
const reason = 'why' in found ? ` (skipped: ${found.why})` : '';

describe.skipIf(reason)(`the openai client of PyPI${reason}`, () => {
  it('sees in every case what the npm client sees', async () => {
    await using server = await conformingServer();
    const { stdout } = await promisify(execFile)(
      (found as { path: string }).path,
      [join(folder, 'openai_client.py'), casesPath, server.baseURL, server.key, server.limited],
      { maxBuffer: 1 << 26 },
    );
    const all = new Map(Object.entries(JSON.parse(stdout) as Record<string, Observed>));
    expect([...all.keys()]).toEqual(cases.map(({ name }) => name));
    for (const each of cases) judge(each, all);
  });
});
