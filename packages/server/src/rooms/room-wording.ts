import type { AnswerSentence, Citation, GroundedAnswer } from '@lucie/retrieval';

/** Where a passage stands, for people. */
function place({ title, page, paragraph }: Pick<Citation, 'title' | 'page' | 'paragraph'>): string {
  return `${title}, p. ${page}, § ${paragraph}`;
}

const REASONS = {
  silent: 'Les documents de cette salle ne répondent pas à cette question.',
  unsupported:
    'Les documents de cette salle ne suffisent pas pour répondre : rien de ce qui serait dit n’y a sa preuve.',
  premise:
    'La question suppose quelque chose que les documents de cette salle ne disent pas, ou qu’ils contredisent.',
};

/** A refusal in words: why, what was looked for, and the nearest passages. */
export function refusalText(refusal: GroundedAnswer & { kind: 'refusal' }): string {
  const lines = [REASONS[refusal.reason]];
  if (refusal.lookedFor.length > 0) lines.push(`Cherché : ${refusal.lookedFor.join(', ')}.`);
  if (refusal.nearest.length > 0) lines.push('Les passages les plus proches :');
  for (const hit of refusal.nearest) lines.push(`- « ${shortened(hit.text)} » (${place(hit)})`);
  return lines.join('\n');
}

/** So much of a passage is shown in a refusal. */
const SHOWN = 200;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= SHOWN) return line;
  return `${line
    .slice(0, SHOWN)
    .replace(/\s+\S*$/, '')
    .toWellFormed()} …`;
}

/** A citation with its number and with the part of the message that it proves. */
export interface Annotated {
  citation: Citation;
  /** From 1; equal passages share one. */
  number: number;
  startIndex: number;
  endIndex: number;
}

/** What stands between two sentences: rows of a table, which have lines, begin anew. */
export function between(before: string | undefined, after: string): string {
  if (before === undefined) return '';
  return before.includes('\n') || after.includes('\n') ? '\n\n' : ' ';
}

/** Words an answer sentence by sentence as one message: `La lave refroidit. [1]`, and at its end what `[1]` is. */
export class MessageWording {
  #length = 0;
  #last: string | undefined;
  /** By passage, in the order of their numbers. */
  #sources = new Map<string, string>();

  /** What a sentence adds to the message, and its citations. */
  sentence({ text, citations }: AnswerSentence): { content: string; annotations: Annotated[] } {
    const before = between(this.#last, text);
    this.#last = text;
    const startIndex = this.#length + before.length;
    const annotations = citations.map((citation) => ({
      citation,
      number: this.#number(citation),
      startIndex,
      endIndex: startIndex + text.length,
    }));
    const marks = [...new Set(annotations.map(({ number }) => number))].map((number) => ` [${number}]`);
    const content = before + text + marks.join('');
    this.#length += content.length;
    return { content, annotations };
  }

  /** The last piece: which passage each number is. */
  sources(): string {
    if (this.#sources.size === 0) return '';
    return `${SOURCES}${[...this.#sources.values()].map((source, i) => `[${i + 1}] ${source}`).join('\n')}`;
  }

  #number(citation: Citation): number {
    // Two documents may have one title.
    const passage = `${citation.document}/${citation.page}/${citation.paragraph}`;
    if (!this.#sources.has(passage)) this.#sources.set(passage, place(citation));
    return [...this.#sources.keys()].indexOf(passage) + 1;
  }
}

const SOURCES = '\n\nSources :\n';

/** An earlier message of ours without its numbers and sources, as it was said. */
export function withoutMarks(content: string): string {
  const at = content.lastIndexOf(`${SOURCES}[1] `);
  return at < 0 ? content : content.slice(0, at).replace(/ \[\d+\]/g, '');
}
