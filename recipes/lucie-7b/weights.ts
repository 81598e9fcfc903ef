import type { EpochRule } from '@lucie/corpus';

/**
 * How often Lucie-7B's main training saw each language and category (repository Lucie-Training, its table of dataset
 * weights), as rules of which the first that fits holds. There the weights stand in 38 lines, one per pair that occurs.
 */
export const epochs: EpochRule[] = [
  { language: 'code', epochs: 2 },
  { category: 'wiki', epochs: 3 },
  { category: 'math', epochs: 3 },
  { category: 'parallel', epochs: 3 },
  { language: 'fr', category: 'book', epochs: 2 },
  { category: 'book', epochs: 3 },
  { language: 'en', category: 'technical', epochs: 2.5 },
  { language: 'en', category: 'forum', epochs: 2.5 },
  { language: 'en', category: 'web', epochs: 1.5 },
  { language: 'en', category: 'newspaper', epochs: 1.5 },
  { category: 'web', epochs: 1 },
  { language: 'fr', category: 'newspaper', epochs: 1 },
  { language: 'en', category: 'legislative-texts', epochs: 1 },
  { epochs: 2 },
];
