import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';

/** Bytes without any pattern: a part in the wrong place shows. */
export function noise(length: number, seed: number): Buffer {
  const random = new Random(seed);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

export const card = '---\nlanguage: fr\nlicense: apache-2.0\ntags:\n- text\n---\n# Un modèle\n';

/** A repository with a model in three sizes, one of them in three parts. */
export const files = (): Record<string, Buffer> => ({
  'README.md': Buffer.from(card),
  LICENSE: Buffer.from('Apache License 2.0'),
  'gate.json': Buffer.from('{}'),
  'config.json': Buffer.from('{}'),
  'model-F16-00001-of-00003.gguf': noise(5000, 1),
  'model-F16-00002-of-00003.gguf': noise(6000, 2),
  'model-F16-00003-of-00003.gguf': noise(7000, 3),
  'model-Q4_K_M.gguf': noise(100_000, 4),
  'model-Q8_0.gguf': noise(300_000, 5),
});

export const tempDir = (): string => mkdtempSync(join(tmpdir(), 'lucie-hub-'));
