import { sha256 } from '@lucie/ledger';
import type { Block, ParsedDocument } from '../src/document.ts';

/** A document of the given pages; strings are paragraphs, `# …` headings. */
export function madeDocument(title: string, pages: readonly (readonly (string | Block)[])[]): ParsedDocument {
  return {
    title,
    format: 'text',
    pages: pages.map((blocks, i) => ({
      page: i + 1,
      blocks: blocks.map((block): Block => {
        if (typeof block !== 'string') return block;
        const heading = /^(#+) (.*)$/.exec(block);
        return heading
          ? { kind: 'heading', level: heading[1]!.length, text: heading[2]! }
          : { kind: 'text', text: block };
      }),
    })),
    hidden: [],
    warnings: [],
  };
}

/** A file as it would hold the document. */
export function madeFile(parsed: ParsedDocument): { name: string; sha256: string; bytes: number } {
  const bytes = JSON.stringify(parsed);
  return { name: `${parsed.title}.txt`, sha256: sha256(bytes), bytes: bytes.length };
}
