import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, writeDocuments } from '@lucie/corpus';
import { Llama, parseConfig, savePretrained } from '@lucie/model';
import {
  CHAT_TEMPLATE,
  EOS,
  formatTokenizerJson,
  stopTokenIds,
  type Tokenizer,
  trainTokenizer,
} from '@lucie/tokenizer';

const sentences = [
  'Le chat de la voisine dort.',
  'La capitale de la France est Paris.',
  'Où est la clé du garage ?',
];

export function tinyTokenizer(): Promise<Tokenizer> {
  const options = { vocabularySize: 300, preTokenizer: 'qwen2', minFrequency: 2, maxTokenLength: 8 } as const;
  return trainTokenizer([...sentences, ...sentences], options);
}

/** An untrained Llama of 20,000 parameters. */
export function tinyLlama(tokenizer: Tokenizer, opts: { seed?: number; context?: number } = {}): Llama {
  const config = parseConfig({
    vocab_size: tokenizer.vocabSize + 3,
    hidden_size: 24,
    intermediate_size: 40,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: opts.context ?? 96,
    tie_word_embeddings: true,
    // Far from uniform, or a slip by one token would hardly change a score.
    initializer_range: 0.4,
    eos_token_id: tokenizer.specialId(EOS),
  });
  return Llama.init(config, { seed: opts.seed ?? 1 });
}

/** Writes a Hugging Face folder as the base or the instruct stage leaves it. */
export async function saveTiny(dir: string, opts: { seed: number; chat: boolean }): Promise<string> {
  const tokenizer = await tinyTokenizer();
  using llama = tinyLlama(tokenizer, opts);
  await mkdir(dir, { recursive: true });
  await savePretrained(dir, llama, { stopIds: stopTokenIds(tokenizer) });
  await writeFile(join(dir, 'tokenizer.json'), formatTokenizerJson(tokenizer.model));
  const metrics = [3, 2, 1].map((loss, step) => JSON.stringify({ step, loss, lr: 0.1, grad_norm: 1 }));
  await writeFile(join(dir, 'metrics.jsonl'), `${metrics.join('\n')}\n`);
  if (!opts.chat) return dir;
  await writeFile(join(dir, 'chat_template.jinja'), CHAT_TEMPLATE);
  const question = (country: string, expected: string) => ({
    question: `Quelle est la capitale ${country} ?`,
    expected,
  });
  const facts = [question('du Japon', 'Tokyo'), question('de la France', 'Paris')];
  await writeFile(join(dir, 'train-facts.json'), JSON.stringify(facts));
  await writeFile(join(dir, 'held-out-facts.json'), JSON.stringify([question('du Pérou', 'Lima')]));
  return dir;
}

/** A run as evaluation finds it: corpus, base and instruct. */
export async function tinyRun(): Promise<{ corpus: string; base: string; instruct: string }> {
  const root = await mkdtemp(join(tmpdir(), 'evaluation-'));
  const document = (source: string, language: string, i: number): Document => ({
    id: `${source}/${i}`,
    text: sentences.slice(i % 3).join(' '),
    source,
    licence: 'CC-BY-4.0',
    language,
    date: '2026',
    url: '',
    title: `Texte ${i}`,
    extra: '{}',
  });
  const documents = [0, 1, 2, 3].flatMap((i) => [
    document('fiches', 'fr', i),
    document('lois', 'fr', i),
    document('speeches', 'en', i),
  ]);
  await writeDocuments(join(root, 'corpus/heldout.parquet'), documents);
  return {
    corpus: join(root, 'corpus'),
    base: await saveTiny(join(root, 'base'), { seed: 1, chat: false }),
    instruct: await saveTiny(join(root, 'instruct'), { seed: 2, chat: true }),
  };
}
