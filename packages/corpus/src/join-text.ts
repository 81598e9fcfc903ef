import { documentText } from './document.ts';
import { readDocuments } from './parquet.ts';

/**
 * The documents of some Parquet files as one text, in order, an empty line between two. What evaluation compares with
 * `xz`: the French held-out documents as one file.
 */
export async function joinText(paths: string | readonly string[], language?: string): Promise<string> {
  const texts: string[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) {
    for await (const document of readDocuments(path)) {
      if (!language || document.language === language) texts.push(documentText(document));
    }
  }
  return texts.length > 0 ? `${texts.join('\n\n')}\n` : '';
}
