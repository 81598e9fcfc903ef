import { join } from 'node:path';
import { documentText, readDocuments } from '@lucie/corpus';
import { LucieError, type Stage, writeFileAtomic, writeJson } from '@lucie/ledger';
import type { z } from 'zod';
import { tokenizerOptions } from './options.ts';
import { FitMeter, tokenizerReport } from './report.ts';
import { sampleDocuments } from './sample.ts';
import { tokenizerConfig } from './tokenizer-config.ts';
import { formatTokenizerJson } from './tokenizer-json.ts';
import { tokenizerFrom, wordCountsFor } from './train-tokenizer.ts';

/**
 * Learns the tokenizer from `01-corpus/documents.parquet` and judges it on `heldout.parquet`: writes `tokenizer.json`,
 * `tokenizer_config.json` and `report.json`. A killed run starts again: it takes seconds.
 */
export function tokenizerStage(options: z.input<typeof tokenizerOptions> = {}): Stage {
  const chosen = tokenizerOptions.parse(options);
  return {
    name: 'tokenizer',
    version: 1,
    options: chosen,
    needs: ['corpus'],
    async run({ dir, inputs, progress, signal, log }) {
      const corpus = inputs.corpus!;
      const sample = await sampleDocuments(join(corpus, 'documents.parquet'), chosen.sampleBytes);
      const words = wordCountsFor(chosen.preTokenizer);
      const learntFrom = new Map<string, number>();
      let read = 0;
      progress.start('counting words', sample.bytes, 'bytes');
      for await (const { source, text } of sample.texts()) {
        signal.throwIfAborted();
        words.add(text);
        const bytes = Buffer.byteLength(text);
        learntFrom.set(source, (learntFrom.get(source) ?? 0) + bytes);
        read += bytes;
        progress.update(read, `${words.size} words`);
      }
      progress.end(`${words.size} words`);
      if (read === 0) throw noText(corpus);

      progress.start('learning merges', chosen.vocabularySize, 'tokens');
      const tokenizer = tokenizerFrom(words, { ...chosen, onProgress: (tokens) => progress.update(tokens) });
      progress.end(`${tokenizer.vocabSize} tokens`);
      signal.throwIfAborted();

      const meters = new Map<string, FitMeter>();
      for await (const document of readDocuments(join(corpus, 'heldout.parquet'))) {
        signal.throwIfAborted();
        const meter = meters.get(document.language) ?? new FitMeter(tokenizer);
        meters.set(document.language, meter);
        meter.add(documentText(document));
      }
      const heldout = Object.fromEntries([...meters].sort().map(([language, { fit }]) => [language, fit]));
      const report = tokenizerReport(tokenizer, words.entries(), {
        learnt_from: Object.fromEntries([...learntFrom].sort()),
        heldout,
      });
      await writeFileAtomic(join(dir, 'tokenizer.json'), formatTokenizerJson(tokenizer.model));
      await writeJson(join(dir, 'tokenizer_config.json'), tokenizerConfig(tokenizer));
      await writeJson(join(dir, 'report.json'), report);
      log.info({ words: words.size, bytes: read, tokens: tokenizer.vocabSize }, 'tokenizer learnt');
      return {
        facts: {
          vocabulary_size: tokenizer.vocabSize,
          pre_tokenizer: chosen.preTokenizer,
          bytes_read: read,
          heldout,
        },
        licences: sample.licences,
      };
    },
  };
}

function noText(corpus: string): LucieError {
  return new LucieError({
    code: 'CORPUS_EMPTY',
    found: `no text in ${join(corpus, 'documents.parquet')}`,
    expected: 'at least one document to learn words from',
    todo: 'look at the funnel in report.json of the corpus: its rules refused everything, or sampleBytes is too small',
  });
}
