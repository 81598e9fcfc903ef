import type { HeldOutDocument } from '@lucie/evaluation';
import { Engine } from '@lucie/inference';
import { LucieError, sha256 } from '@lucie/ledger';
import { type ChatMessage, EOS, encodeChat } from '@lucie/tokenizer';
import { LogitsComparison } from './compare-logits.ts';
import type { OriginalModel } from './original-model.ts';
import { type Format, type Thresholds, thresholds } from './thresholds.ts';

/** What was found of one file, compared with the original. */
export interface FileVerification {
  format: Format;
  /** Positions compared. */
  tokens: number;
  /** Share of positions at which the file's most probable token is the original's, or tied with it. */
  top1Agreement: number;
  /** The same where ties count as different. */
  top1Same: number;
  /** Nats per token, of the original's distribution relative to the file's. */
  meanKl: number;
  bitsPerByte: number;
  originalBitsPerByte: number;
  bitsPerByteLoss: number;
  /** Held-out documents whose ids differ from the tokenizer's. */
  documentsTokenizedOtherwise: number;
  documentsTokenized: number;
  stopIds: number[];
  originalStopIds: number[];
  /** Conversations whose prompt, rendered by the file's own template, has other ids than in training. */
  conversationsRenderedOtherwise: number;
  thresholds: Thresholds;
}

/** A conversation with everything that the template treats: roles, turns, white space, the text of a control token. */
const CONVERSATIONS: ChatMessage[][] = [
  [{ role: 'user', content: 'Quelle est la capitale de la France ?' }],
  [
    { role: 'system', content: 'Tu es LUCIE.' },
    { role: 'user', content: '  Bonjour !\n' },
    { role: 'assistant', content: 'Bonjour.\n\nQue puis-je faire ?' },
    { role: 'user', content: 'Que fait <|eot_id|> ici ?' },
  ],
];

/**
 * Runs each GGUF file in libllama beside the original on held-out text.
 * @param files - path of each file, by format
 * @param opts.tokens - positions to compare at least, as far as the documents go
 */
export async function verifyFiles(
  original: OriginalModel,
  files: Map<Format, string>,
  opts: {
    documents: readonly HeldOutDocument[];
    tokens: number;
    threads: number;
    signal?: AbortSignal;
    onProgress?: (tokens: number) => void;
  },
): Promise<FileVerification[]> {
  await using stack = new AsyncDisposableStack();
  const engines = new Map<Format, Engine>();
  for (const [format, path] of files) {
    engines.set(format, stack.use(await Engine.load(path, { threads: opts.threads, sequences: 1 })));
  }
  const sums = new Map([...files.keys()].map((format) => [format, new LogitsComparison()]));
  let bytes = 0;
  let tokens = 0;
  for (const ids of windows(original, opts.documents)) {
    if (tokens >= opts.tokens) break;
    opts.signal?.throwIfAborted();
    const expected = original.logits(ids);
    for (const [format, engine] of engines) {
      const found = await engine.logits(ids);
      const sum = sums.get(format)!;
      for (const [i, row] of expected.entries()) sum.add(row, found[i]!, ids[i + 1]);
    }
    bytes += original.tokenizer.decodeBytes(ids.subarray(1)).length;
    tokens += ids.length;
    opts.onProgress?.(Math.min(tokens, opts.tokens));
  }
  return [...engines].map(([format, engine]) => ({
    format,
    ...figures(sums.get(format)!, bytes),
    ...compareText(original, engine, opts.documents),
    stopIds: engine.info.stopIds.toSorted((a, b) => a - b),
    originalStopIds: original.stopIds,
    thresholds: thresholds[format],
  }));
}

/**
 * Refuses a file that lost more than its thresholds allow, or that reads, stops or chats otherwise.
 * @throws LucieError `RELEASE_REFUSED` with the figure and its threshold
 */
export function refuseUnfaithful(files: readonly FileVerification[]): void {
  for (const file of files) {
    const { format, thresholds: least } = file;
    const refuse = (holds: boolean, found: string, expected: string) => {
      if (holds) return;
      throw new LucieError({
        code: 'RELEASE_REFUSED',
        found: `${format} with ${found}`,
        expected: `${expected}, as packages/release/src/thresholds.ts demands of ${format}`,
        todo: 'look for the fault in the conversion: a release that is not the model that was judged is not made',
      });
    };
    refuse(file.tokens > 0, 'no position compared', 'held-out text');
    refuse(
      String(file.stopIds) === String(file.originalStopIds),
      `stop ids ${file.stopIds.join(', ')}`,
      `${file.originalStopIds.join(', ')}`,
    );
    refuse(
      file.documentsTokenizedOtherwise === 0,
      `${file.documentsTokenizedOtherwise} of ${file.documentsTokenized} documents tokenized otherwise`,
      'none',
    );
    refuse(
      file.conversationsRenderedOtherwise === 0,
      `${file.conversationsRenderedOtherwise} conversations rendered otherwise`,
      'none',
    );
    // Written so that a figure that is no number is refused too.
    refuse(
      file.top1Agreement >= least.top1Agreement,
      `top-1 agreement ${file.top1Agreement}`,
      `at least ${least.top1Agreement}`,
    );
    refuse(file.meanKl <= least.meanKl, `mean KL ${file.meanKl} nats`, `at most ${least.meanKl}`);
    refuse(
      file.bitsPerByteLoss <= least.bitsPerByteLoss,
      `bits per byte worse by ${file.bitsPerByteLoss} of the original's`,
      `at most ${least.bitsPerByteLoss}`,
    );
  }
}

/**
 * The beginning of each document, after the token that ended the one before, as long as the context; documents in the
 * order of their ids' hashes, which mixes the sources.
 */
function* windows(original: OriginalModel, documents: readonly HeldOutDocument[]): Generator<Uint32Array> {
  const end = original.tokenizer.specialId(EOS);
  const drawn = documents.map(({ id, text }) => ({ key: sha256(id), text }));
  for (const { text } of drawn.sort((a, b) => (a.key < b.key ? -1 : 1))) {
    // No vocabulary here has tokens of 64 characters: this much text fills the context.
    const ids = original.tokenizer.encode(text.slice(0, 64 * original.contextLength));
    if (ids.length > 0) yield Uint32Array.from([end, ...ids.subarray(0, original.contextLength - 1)]);
  }
}

function figures(sum: LogitsComparison, bytes: number) {
  const bits = (nats: number) => nats / Math.LN2 / bytes;
  return {
    tokens: sum.positions,
    top1Agreement: rounded(sum.agreeing / sum.positions),
    top1Same: rounded(sum.same / sum.positions),
    meanKl: rounded(sum.klNats / sum.positions),
    bitsPerByte: rounded(bits(sum.fileNats)),
    originalBitsPerByte: rounded(bits(sum.originalNats)),
    bitsPerByteLoss: rounded(sum.fileNats / sum.originalNats - 1),
  };
}

function compareText(original: OriginalModel, engine: Engine, documents: readonly HeldOutDocument[]) {
  const { tokenizer } = original;
  const differ = (a: Uint32Array, b: Uint32Array) => a.length !== b.length || a.some((id, i) => id !== b[i]);
  return {
    documentsTokenized: documents.length,
    documentsTokenizedOtherwise: documents.filter(({ text }) =>
      differ(engine.tokenize(text), tokenizer.encode(text)),
    ).length,
    conversationsRenderedOtherwise: CONVERSATIONS.filter((messages) =>
      differ(
        engine.chatPrompt(messages).tokens,
        encodeChat(tokenizer, messages, { addGenerationPrompt: true }).ids,
      ),
    ).length,
  };
}

/** Six significant digits: more would differ from machine to machine. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
