import { legislation } from './sub-corpora/law.ts';
import { code, pairs } from './sub-corpora/pairs-and-code.ts';
import { books, technical } from './sub-corpora/science-and-books.ts';
import { newspapers, web } from './sub-corpora/web-and-press.ts';
import { mathsForumsDialogue, wikis } from './sub-corpora/wikis-maths-talk.ts';
import type { SubCorpus } from './sub-corpus.ts';

/**
 * All sub-corpora of Lucie-7B's main training, version 1.1 of the Lucie Training Dataset. Names, languages, categories,
 * documents and tokens: the dataset card's table of composition, with Persée, which training saw and which was
 * withdrawn before the release. Versions, origins and licences: the card's paragraph on each source. Where the card
 * names no version or no dataset, it says so here too.
 */
export const subCorpora: readonly SubCorpus[] = [
  ...web,
  ...newspapers,
  ...technical,
  ...books,
  ...legislation,
  ...wikis,
  ...mathsForumsDialogue,
  ...pairs,
  ...code,
];
