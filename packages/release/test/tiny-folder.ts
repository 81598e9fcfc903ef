import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldOutDocument } from '@lucie/evaluation';
import type { LlamaConfigInput } from '@lucie/model';
import { CHAT_TEMPLATE, formatTokenizerJson, trainTokenizer } from '@lucie/tokenizer';
import { tinyConfig, writeTinyFolder } from './tiny-model.ts';

const TEXTS = [
  "Le conseil municipal se réunit chaque premier mardi du mois à l'hôtel de ville.",
  "L'employeur remet au salarié un certificat de travail à la fin du contrat.",
  'Quelle est la capitale de la France ? La capitale de la France est Paris.',
  "La carte d'identité est valable quinze ans ; il faut la renouveler avant son échéance.",
  'The President shall from time to time give to the Congress information of the state of the Union.',
];

export const tinyDocuments: HeldOutDocument[] = Array.from({ length: 12 }, (_, i) => ({
  id: `essai/${i}`,
  // Each another order of the texts, long enough for several batches of positions.
  text: [...TEXTS.slice(i % 5), ...TEXTS.slice(0, i % 5)].join('\n\n'),
  source: 'essai',
  language: 'fr',
}));

/** A Hugging Face folder with a trained tokenizer and random weights: GQA, tied embeddings unless told otherwise. */
export async function writeInstructFolder(
  dir: string,
  opts: { config?: Partial<LlamaConfigInput>; seed?: number } = {},
): Promise<void> {
  const tokenizer = await trainTokenizer(TEXTS, {
    preTokenizer: 'qwen2',
    vocabularySize: 320,
    minFrequency: 1,
    maxTokenLength: 16,
  });
  await writeTinyFolder(dir, tinyConfig({ vocab_size: tokenizer.vocabSize, ...opts.config }), opts.seed);
  await writeFile(join(dir, 'tokenizer.json'), formatTokenizerJson(tokenizer.model));
  await writeFile(join(dir, 'tokenizer_config.json'), '{}');
  await writeFile(join(dir, 'chat_template.jinja'), CHAT_TEMPLATE);
}
