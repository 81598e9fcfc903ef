import { readFileSync } from 'node:fs';
import { listFiles } from '@huggingface/hub';
import { LucieError, writeJson } from '@lucie/ledger';
import { z } from 'zod';
import type { HubConnection } from './hub-connection.ts';
import { type HubFile, hubFileShape } from './hub-file.ts';
import type { HubRepo } from './hub-repo.ts';

/**
 * The files of a commit as the hub lists them, by path. Asked once and kept at `listing`: a commit never changes.
 * @throws LucieError `HUB_BAD_ANSWER`, and what the connection throws
 */
export async function listHubFiles(
  repo: HubRepo,
  opts: { listing: string; connection: HubConnection },
): Promise<HubFile[]> {
  const known = knownHubFiles(opts.listing);
  if (known) return known;
  const files: HubFile[] = [];
  const { hubUrl, ask } = opts.connection;
  const { type, name, revision } = repo;
  for await (const entry of listFiles({
    repo: { type, name },
    recursive: true,
    revision,
    hubUrl,
    fetch: ask,
  })) {
    if (entry.type !== 'file') continue;
    const size = entry.lfs?.size ?? entry.size;
    const file = hubFileShape.safeParse({ path: entry.path, size, sha256: entry.lfs?.oid, oid: entry.oid });
    if (!file.success) {
      throw new LucieError({
        code: 'HUB_BAD_ANSWER',
        found: `${JSON.stringify(String(entry.path).slice(0, 200))} among the files of ${name}`,
        expected: `paths inside the ${type}, with sizes and hashes that can be verified`,
        todo: 'check HF_ENDPOINT; do not trust this server',
      });
    }
    files.push(file.data);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeJson(opts.listing, files);
  return files;
}

/** The listing that was kept, or undefined. */
export function knownHubFiles(listing: string): HubFile[] | undefined {
  try {
    return z.array(hubFileShape).parse(JSON.parse(readFileSync(listing, 'utf8')));
  } catch {
    return undefined;
  }
}
