import { join } from 'node:path';
import { type Document, documentText, readDocuments } from '@lucie/corpus';
import { type Progress, readManifest, type Stage } from '@lucie/ledger';
import { EOS, type Tokenizer } from '@lucie/tokenizer';
import { z } from 'zod';
import { idTypeFor } from './shards/format.ts';
import { ShardWriter } from './shards/writer.ts';
import { readTokenizer } from './tokenizer-files.ts';

/** Nothing to choose: the corpus and the tokenizer decide. */
export const tokensOptionsShape = z.strictObject({});
export type TokensOptions = z.input<typeof tokensOptionsShape>;

/** Size of one source, in documents, text and tokens (end tokens included). */
export interface SourceTokens {
  documents: number;
  tokens: number;
  bytes: number;
  bytes_per_token: number;
}

/** Encodes the corpus into one shard per source, the held-out documents likewise below `heldout/`. */
export function tokensStage(options: TokensOptions = {}): Stage {
  return {
    name: 'tokens',
    version: 1,
    options: tokensOptionsShape.parse(options),
    needs: ['corpus', 'tokenizer'],
    async run({ dir, inputs, progress, signal }) {
      const tokenizer = await readTokenizer(inputs.tokenizer!);
      const work = { tokenizer, progress, signal };
      const train = await encodeFile(join(inputs.corpus!, 'documents.parquet'), dir, work);
      const heldout = await encodeFile(join(inputs.corpus!, 'heldout.parquet'), join(dir, 'heldout'), work);
      const { licences } = await readManifest(inputs.corpus!);
      return { facts: { vocab_size: tokenizer.vocabSize, train, heldout }, licences };
    },
  };
}

interface Work {
  tokenizer: Tokenizer;
  progress: Progress;
  signal: AbortSignal;
}

/** @returns the sources' sizes by name, in order of name */
async function encodeFile(file: string, dir: string, work: Work): Promise<Record<string, SourceTokens>> {
  const { tokenizer, progress, signal } = work;
  const end = tokenizer.specialId(EOS);
  const sources = new Map<string, { writer: ShardWriter; bytes: number }>();
  progress.start(`encoding ${file.split('/').at(-1)}`, undefined, 'bytes');
  let total = 0;
  try {
    for await (const document of readDocuments(file)) {
      signal.throwIfAborted();
      const source = sources.get(document.source) ?? {
        writer: await ShardWriter.create(join(dir, document.source), idTypeFor(tokenizer.vocabSize)),
        bytes: 0,
      };
      sources.set(document.source, source);
      const { ids, bytes } = encodeDocument(document, tokenizer, end);
      await source.writer.add(document.id, ids);
      source.bytes += bytes;
      progress.update((total += bytes));
    }
    const facts: Record<string, SourceTokens> = {};
    for (const name of [...sources.keys()].sort()) {
      const { writer, bytes } = sources.get(name)!;
      const { documents, tokens } = await writer.finish();
      facts[name] = { documents, tokens, bytes, bytes_per_token: Number((bytes / tokens).toFixed(3)) };
    }
    const tokens = Object.values(facts).reduce((sum, source) => sum + source.tokens, 0);
    progress.end(`${tokens.toLocaleString('en')} tokens of ${(total / tokens).toFixed(2)} bytes`);
    return facts;
  } catch (error) {
    for (const { writer } of sources.values()) await writer.abandon();
    throw error;
  }
}

/** What one reads of a document, followed by the end token. */
function encodeDocument(document: Document, tokenizer: Tokenizer, end: number) {
  const text = documentText(document);
  const body = tokenizer.encode(text);
  const ids = new Uint32Array(body.length + 1);
  ids.set(body);
  ids[body.length] = end;
  return { ids, bytes: Buffer.byteLength(text) };
}
