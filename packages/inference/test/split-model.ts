import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architectureMetadata, tensorSources } from '../../release/src/index.ts';
import { tinyConfig, tinyVocabulary, writeTinyGguf } from '../../release/test/tiny-model.ts';
import { type Metadata, string, u32, writeGguf } from '../src/index.ts';

// A 32-bit value under a key that is two letters too short takes the room of the 16-bit value of the whole key.
const SHORT = { 'split.no': 'lit.no', 'split.count': 'lit.count' };

/** Writes a tiny model whole and in `count` parts as llama.cpp's own tool splits one; its paths: whole, then the parts. */
export async function writeSplitGguf(dir: string, count: number): Promise<string[]> {
  const config = tinyConfig();
  const whole = await writeTinyGguf(dir);
  const sources = await tensorSources(join(dir, 'model.safetensors'), config);
  const parts = Array.from({ length: count }, (_, part) =>
    join(dir, `tiny-${String(part + 1).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.gguf`),
  );
  for (const [part, path] of parts.entries()) {
    const split: Metadata = new Map([
      [SHORT['split.no'], u32(part)],
      [SHORT['split.count'], u32(count)],
      ['split.tensors.count', { type: 'i32', value: sources.length }],
    ]);
    const model: Metadata = new Map([
      ...architectureMetadata(config),
      ['general.name', string('tiny')] as const,
      ...tinyVocabulary,
    ]);
    const some = sources.filter((_, i) => Math.floor((i * count) / sources.length) === part);
    await writeGguf(`${path}.tmp`, part === 0 ? new Map([...model, ...split]) : split, some);
    await writeFile(path, withShortNumbers(await readFile(`${path}.tmp`)));
    await rm(`${path}.tmp`);
  }
  return [whole, ...parts];
}

function withShortNumbers(bytes: Buffer): Buffer {
  for (const [key, short] of Object.entries(SHORT)) {
    const at = bytes.indexOf(short) - 8;
    const value = bytes.readUInt32LE(at + 8 + short.length + 4);
    bytes.writeBigUInt64LE(BigInt(key.length), at);
    bytes.write(key, at + 8);
    bytes.writeUInt32LE(2, at + 8 + key.length);
    bytes.writeUInt16LE(value, at + 8 + key.length + 4);
  }
  return bytes;
}
