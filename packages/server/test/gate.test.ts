import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@lucie/ledger';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateLabel, readGate } from '../src/api/gate.ts';
import { fixedModel } from '../src/api/served-model.ts';
import { createServer } from '../src/create-server.ts';
import { dataLines, HI, post } from './requests.ts';
import { ScriptedModel } from './scripted-model.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucie-gate-'));
});
afterEach(() => rm(dir, { recursive: true }));

const verdicts = {
  research: { passed: true, score: 1, threshold: 0 },
  completion: { passed: true, score: 0.8, threshold: 0.7 },
  chat: { passed: false, score: 0.2, threshold: 0.7 },
};

async function gateOf(text: string) {
  await writeFile(join(dir, 'gate.json'), text);
  return readGate(join(dir, 'x.gguf'), silentLogger);
}

describe('the gate', () => {
  it('is read beside the file, goes into every answer and the list, and makes the label', async () => {
    const gate = await gateOf(JSON.stringify({ version: 1, model: 'nano', verdicts }));
    expect(gate).toEqual(verdicts);
    const server = createServer({ models: [fixedModel('nano', new ScriptedModel(), gate)] });
    const list = await (await server.app.request('/v1/models')).json();
    expect(list.data[0]).toMatchObject({ label: 'admis pour : complétion', gate: verdicts });
    const ask = { model: 'nano', messages: HI };
    expect((await (await post(server, '/v1/chat/completions', ask)).json()).lucie.gate).toEqual(verdicts);
    const lines = await dataLines(await post(server, '/v1/chat/completions', { ...ask, stream: true }));
    expect(JSON.parse(lines.at(-2)!).lucie.gate).toEqual(verdicts);
  });

  it('absent or damaged, says nothing', async () => {
    expect(await readGate(join(dir, 'x.gguf'), silentLogger)).toBeNull();
    const damaged = [
      '{',
      '[]',
      '{"version":1}',
      '{"version":1,"verdicts":{"chat":true}}',
      '{"version":1,"verdicts":{"chat":{"passed":"yes"}}}',
    ];
    for (const text of damaged) expect(await gateOf(text), text).toBeNull();
  });

  it('a model that passed nothing beyond research is a research model', () => {
    expect(gateLabel(null)).toBe('modèle de recherche');
    expect(gateLabel({ research: { passed: true } })).toBe('modèle de recherche');
    expect(gateLabel({ chat: { passed: false } })).toBe('modèle de recherche');
    expect(gateLabel({ chat: { passed: true }, 'course-questions': { passed: true } })).toBe(
      'admis pour : questions de cours, conversation',
    );
  });
});
