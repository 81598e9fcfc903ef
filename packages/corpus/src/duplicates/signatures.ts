import { join } from 'node:path';
import { writeJson } from '@lucie/ledger';
import { licenceRank } from '../licences/rank.ts';
import type { Step, UnitContext } from '../steps/step.ts';
import { bandKeys } from './bands.ts';
import { permutations } from './min-hash.ts';
import type { DuplicatesOptions } from './options.ts';
import { firstPass, type Pass } from './pass.ts';
import { readTexts } from './read-texts.ts';
import { TextScanner } from './scan-text.ts';
import { type Counts, SignatureWriter, signatureFiles } from './signature-files.ts';
import { WasmMinHash } from './wasm-min-hash.ts';

/** The first pass's. */
export const SIGNATURES = firstPass.signatures;

/** After every known licence. */
const UNKNOWN_LICENCE = 1000;
/** How often Ctrl-C and progress are looked at, in documents. */
const BREATH = 500;

/**
 * Per unit of the step whose documents are compared: of each document a hash of its words, the keys of the bands of its MinHash signature, and the
 * hashes of its runs of words. See `signatureFiles`.
 */
export function signaturesStep(options: DuplicatesOptions, pass: Pass): Step {
  const { shingle, bands, rows, seed } = options;
  return {
    name: pass.signatures,
    version: 1,
    options: { shingle, bands, rows, seed },
    units: (before) =>
      before.units(pass.reads.step).map((name) => ({ name, reads: [`${pass.reads.step}/${name}`] })),
    run: (unit, context) => {
      const documents = join(context.dir(pass.reads.step, unit.name), pass.reads.documents);
      return signUnit(unit.name, options, { ...context, documents });
    },
  };
}

async function signUnit(
  unit: string,
  options: DuplicatesOptions,
  context: UnitContext & { documents: string },
): Promise<void> {
  const { shingle, bands, rows, seed } = options;
  const hash = new WasmMinHash(permutations(bands * rows, seed));
  const scanner = new TextScanner(shingle, hash);
  const rankOf = licenceRanks();
  const keys = new Int32Array(2 * bands);
  const writer = new SignatureWriter(context.out);
  context.progress.start(`signatures of ${unit}`, undefined, 'documents');
  try {
    for await (const batch of readTexts(context.documents)) {
      for (const [i, id] of batch.id.entries()) {
        if (writer.documents % BREATH === 0) {
          context.signal.throwIfAborted();
          context.progress.update(writer.documents);
        }
        scanner.scan(batch.text(i), batch.language[i]!);
        const { runs } = scanner;
        writer.add(
          {
            id,
            date: batch.date[i] || '9999',
            licence: rankOf(batch.licence[i]!),
            hash: scanner.exact.join(' '),
          },
          runs > 0 ? bandKeys(hash.sign(runs), options, keys) : keys.subarray(0, 0),
          hash.members(runs),
        );
      }
    }
    writer.close();
  } finally {
    writer.abandon();
  }
  const counts: Counts = { documents: writer.documents, entries: writer.entries };
  await writeJson(join(context.out, signatureFiles.counts), counts);
  context.progress.end(`${writer.documents} documents`);
}

/** Ranks of licences, each looked up once. */
function licenceRanks(): (id: string) => number {
  const ranks = new Map<string, number>();
  return (id) => {
    let rank = ranks.get(id);
    if (rank === undefined) {
      rank = Math.min(UNKNOWN_LICENCE, licenceRank(id));
      ranks.set(id, rank);
    }
    return rank;
  };
}
