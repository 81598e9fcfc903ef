import { join } from 'node:path';
import { faultOfFile, knownHubFiles } from '@lucie/hub';
import { fileHash, LucieError } from '@lucie/ledger';
import { openFiles } from '../files/open-files.ts';
import type { Source } from '../source.ts';
import { chooseFiles, hubDir, hubListing } from './hub-files.ts';
import type { HubSource } from './options.ts';

/**
 * Opens the files of a dataset that set-up has fetched.
 * @throws LucieError while reading: `DATA_NOT_FETCHED`, `HUB_NO_FILES`, `COLUMN_MISSING`, `LOCAL_SOURCE_CHANGED`
 */
export function openHub(option: HubSource, cacheDir: string): Source {
  let opened: ReturnType<typeof open> | undefined;
  const once = () => {
    opened ??= open(option, cacheDir).catch((error: unknown) => {
      // Set-up may fetch it yet.
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    source: option.source,
    origin: {
      hub: option.hub,
      revision: option.revision,
      ...(option.include ? { include: option.include.join(' ') } : {}),
    },
    attribution: option.attribution ?? option.hub,
    homepage: `https://huggingface.co/datasets/${option.hub}`,
    inputs: async () => (await once()).inputs(),
    async *read(input, opts) {
      yield* (await once()).read(input, opts);
    },
  };
}

async function open(option: HubSource, cacheDir: string): Promise<Pick<Source, 'inputs' | 'read'>> {
  const known = knownHubFiles(hubListing(option, cacheDir));
  if (!known) throw notFetched(option, `no list of the files of ${option.hub}`);
  const files = [];
  for (const file of chooseFiles(option, known)) {
    const path = join(hubDir(option, cacheDir), file.path);
    const fault = await faultOfFile(path, file);
    if (fault !== undefined) throw notFetched(option, `${path}, which ${fault}`);
    files.push({ name: file.path, path, bytes: file.size, sha256: file.sha256 ?? fileHash(path) });
  }
  return openFiles(files, { source: option, cacheDir });
}

function notFetched(option: HubSource, found: string): LucieError {
  return new LucieError({
    code: 'DATA_NOT_FETCHED',
    found,
    expected: `the dataset ${option.hub}, as set-up fetches it`,
    todo: 'connect to the network and call the same command again: it fetches what is missing',
  });
}
