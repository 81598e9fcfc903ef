import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashJson, listFiles, sha256File, writeJson } from '@lucie/ledger';
import { z } from 'zod';

const markerShape = z.strictObject({
  format: z.literal(1),
  /** What the unit is a function of. */
  key: z.string(),
  files: z.record(z.string(), z.strictObject({ bytes: z.int(), sha256: z.string() })),
  /** Hash of the files: what units that read this one depend on. */
  digest: z.string(),
});

/** What a finished unit has left, as `done.json` in its folder. */
export type Marker = z.infer<typeof markerShape>;

const MARKER = 'done.json';

/** Seals a unit: the last thing that is written into its folder before the folder gets its name. */
export async function writeMarker(dir: string, key: string): Promise<Marker> {
  const files: Marker['files'] = {};
  for (const name of await listFiles(dir)) {
    const path = join(dir, name);
    files[name] = { bytes: (await stat(path)).size, sha256: await sha256File(path) };
  }
  const digest = hashJson(Object.entries(files).map(([name, { sha256 }]) => [name, sha256]));
  const marker: Marker = { format: 1, key, files, digest };
  await writeJson(join(dir, MARKER), marker);
  return marker;
}

/** The marker of a unit's folder; undefined where there is none, or none that can be read. */
export async function readMarker(dir: string): Promise<Marker | undefined> {
  const path = join(dir, MARKER);
  if (!existsSync(path)) return undefined;
  try {
    return markerShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whether every file of a unit still has the size and hash of its marker. */
export async function filesHold(dir: string, marker: Marker): Promise<boolean> {
  for (const [name, { bytes, sha256 }] of Object.entries(marker.files)) {
    const path = join(dir, name);
    const size = await stat(path).then(
      (file) => file.size,
      () => -1,
    );
    if (size !== bytes || (await sha256File(path)) !== sha256) return false;
  }
  return true;
}
