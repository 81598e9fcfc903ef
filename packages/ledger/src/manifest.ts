import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LucieError } from './error.ts';
import { writeJson } from './files.ts';
import { hashJson, sha256File } from './hash.ts';

const manifestShape = z.strictObject({
  format: z.literal(1),
  recipe: z.string(),
  stage: z.string(),
  version: z.int(),
  /** Hash of name, version, options and inputs: what the stage is a function of. */
  key: z.string(),
  options: z.unknown(),
  /** Digest of each stage that was read, by name. */
  inputs: z.record(z.string(), z.string()),
  /** Engine, processor and threads, in the order in which the stage ran under them. */
  identities: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  outputs: z.record(z.string(), z.strictObject({ bytes: z.int(), sha256: z.string() })),
  /** Hash of the outputs outside `log/`: equal for equal results, whatever the time they took. */
  digest: z.string(),
  facts: z.record(z.string(), z.unknown()),
  licences: z.array(z.string()),
  finished: z.string(),
  seconds: z.number(),
  energy: z.strictObject({ joules: z.number(), method: z.enum(['rapl', 'estimate']) }),
  /** Hash of this manifest without this field: an edit shows. */
  sha256: z.string(),
});

/** What went into a stage and what came out, as `manifest.json` in its folder. */
export type Manifest = z.infer<typeof manifestShape>;

/** The digest of a set of outputs; files below `log/` do not count. */
export function digestOf(outputs: Manifest['outputs']): string {
  return hashJson(
    Object.entries(outputs)
      .filter(([path]) => !path.startsWith('log/'))
      .map(([path, file]) => [path, file.sha256])
      .sort(),
  );
}

/** Seals and writes a manifest atomically. */
export async function writeManifest(dir: string, manifest: Omit<Manifest, 'sha256'>): Promise<void> {
  await writeJson(join(dir, 'manifest.json'), { ...manifest, sha256: hashJson(manifest) });
}

/**
 * Reads `manifest.json` of a finished stage.
 * @throws LucieError `MANIFEST_MISSING`, `MANIFEST_INVALID`, or `MANIFEST_EDITED` when its own hash does not hold.
 */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, 'manifest.json');
  if (!existsSync(path)) {
    throw new LucieError({
      code: 'MANIFEST_MISSING',
      found: `no manifest.json in ${dir}`,
      expected: 'a folder that a finished stage has left',
      todo: `remove ${dir} and call make again`,
    });
  }
  const remake = `remove ${dir} and call make again to build this stage anew`;
  let parsed: Manifest;
  try {
    parsed = manifestShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new LucieError({
      code: 'MANIFEST_INVALID',
      found: `${path} that is not a manifest`,
      expected: 'a manifest of format 1',
      todo: remake,
      cause,
    });
  }
  const { sha256, ...rest } = parsed;
  const actual = hashJson(rest);
  if (actual !== sha256) {
    throw new LucieError({
      code: 'MANIFEST_EDITED',
      found: `${path} whose content hashes to ${actual.slice(0, 12)}`,
      expected: `${sha256.slice(0, 12)}, as sealed when the stage finished`,
      todo: remake,
    });
  }
  return parsed;
}

/**
 * Compares every file of a finished stage with its manifest.
 * @throws LucieError `FILE_MISSING`, `FILE_TRUNCATED` (another size) or `FILE_CHANGED` (another hash).
 */
export async function verifyOutputs(dir: string, manifest: Manifest): Promise<void> {
  const todo = `remove ${dir} and call make again to build this stage anew`;
  for (const [name, expected] of Object.entries(manifest.outputs)) {
    const path = join(dir, name);
    const size = await stat(path).then(
      (entry) => entry.size,
      () => undefined,
    );
    if (size === undefined) {
      throw new LucieError({
        code: 'FILE_MISSING',
        found: `no ${path}`,
        expected: `${expected.bytes} bytes as in the manifest`,
        todo,
      });
    }
    if (size !== expected.bytes) {
      throw new LucieError({
        code: 'FILE_TRUNCATED',
        found: `${path} with ${size} bytes`,
        expected: `${expected.bytes} bytes as in the manifest`,
        todo,
      });
    }
    const hash = await sha256File(path);
    if (hash !== expected.sha256) {
      throw new LucieError({
        code: 'FILE_CHANGED',
        found: `${path} with SHA-256 ${hash.slice(0, 12)}`,
        expected: expected.sha256.slice(0, 12),
        todo,
      });
    }
  }
}
