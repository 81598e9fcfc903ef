import { termsOf } from '../../src/answer/candidate.ts';
import type { Searchable } from '../../src/answer/find-evidence.ts';
import type { Block, Hit } from '../../src/index.ts';

/** A document of one page in short: paragraphs as text, or blocks. */
export interface MadeDocument {
  title: string;
  paragraphs: (string | Block)[];
}

/** Passages as search gives them, one a paragraph. */
export function hitsOf(documents: readonly MadeDocument[]): Hit[] {
  let id = 0;
  return documents.flatMap(({ title, paragraphs }, d) => {
    let heading: string | undefined;
    return paragraphs.flatMap((paragraph, p) => {
      const block = typeof paragraph === 'string' ? { kind: 'text' as const, text: paragraph } : paragraph;
      if (block.kind === 'heading') {
        heading = block.text;
        return [];
      }
      return [
        {
          id: ++id,
          document: d + 1,
          title,
          page: 1,
          paragraph: p + 1,
          kind: block.kind,
          start: 0,
          end: block.text.length,
          text: block.text,
          headings: heading ? [heading] : [],
          score: 1,
        },
      ];
    });
  });
}

/** A room that scores a passage by the number of the question's terms in it. */
export function madeRoom(documents: readonly MadeDocument[]): Searchable & { asked: string[] } {
  const hits = hitsOf(documents);
  const asked: string[] = [];
  return {
    asked,
    async search(question, opts = {}) {
      opts.signal?.throwIfAborted();
      asked.push(question);
      const wanted = [...termsOf(question)];
      return hits
        .map((hit) => {
          const own = termsOf([hit.title, ...hit.headings, hit.text].join('\n'));
          return { ...hit, score: wanted.filter((term) => own.has(term)).length };
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score || a.id - b.id)
        .slice(0, opts.limit ?? 10);
    },
  };
}
