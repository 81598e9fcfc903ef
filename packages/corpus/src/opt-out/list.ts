import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { canonicalJson, LucieError, writeFileAtomic } from '@lucie/ledger';
import { type OptOut, optOutShape } from './options.ts';

/**
 * The opt-outs of a JSONL file, none where there is no file.
 * @throws LucieError `OPT_OUTS_INVALID`: a wish that cannot be read is not passed over
 */
export async function readOptOuts(path: string): Promise<OptOut[]> {
  if (!existsSync(path)) return [];
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [optOutShape.parse(JSON.parse(line))];
    } catch (cause) {
      throw new LucieError({
        code: 'OPT_OUTS_INVALID',
        found: `line ${at + 1} of ${path}, which is no opt-out`,
        expected: 'a JSON object with one of id, domain, author, url, and since as YYYY-MM-DD',
        todo: 'correct the line',
        cause,
      });
    }
  });
}

/**
 * Adds an opt-out at the end of a JSONL file.
 * @returns false when the same document, site, author or address is there already; its date then stays
 * @throws LucieError `OPT_OUTS_INVALID`
 */
export async function addOptOut(path: string, optOut: OptOut): Promise<boolean> {
  const known = await readOptOuts(path);
  if (known.some((other) => wish(other) === wish(optOut))) return false;
  await writeFileAtomic(path, [...known, optOut].map((each) => `${JSON.stringify(each)}\n`).join(''));
  return true;
}

/** What is asked, whenever and why it was asked. */
function wish({ since: _, reason: __, ...named }: OptOut): string {
  return canonicalJson(named);
}
