import { detectLanguage } from '../../language.ts';
import { Refusal, type Rule } from '../../rule.ts';
import { legible } from '../legible.ts';
import type { RulesOptions } from '../rules-shape.ts';
import { chunkText } from './chunk-text.ts';
import { lineKind } from './noise-lines.ts';
import { tokensPerCharacter } from './tokens-per-character.ts';

type Options = Exclude<RulesOptions['ocr'], false>;

/** Stands where text was cut out, on a line of its own. */
const MARK = '[…]';

const MAXIMUM_ROUNDS = 20;

/**
 * Cuts out what a scanner has spoilt: runs of noisy lines, short stretches between them, then whole chunks that are
 * noise or in another language. What is left has `[…]` in each gap; a document of which too little is left goes.
 */
export function ocrNoise(options: Options): Rule {
  return {
    name: 'ocr/noise',
    apply(document) {
      let text = document.text;
      // A cut moves the bounds of later chunks, so it is done until nothing moves: doing it again changes nothing.
      for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
        const before = text;
        text = cut(before, options);
        if (text === before) break;
      }
      if (text === document.text) return document;
      const kept = text.replaceAll(MARK, '').length / document.text.length;
      return kept < options.minimumKept
        ? new Refusal(`${legible(kept, '<', options.minimumKept)} kept`)
        : { ...document, text };
    },
  };
}

/** Whole lines with their ends, or a chunk of them: put together they are the text. */
interface Stretch {
  text: string;
  kept: boolean;
}

function cut(text: string, options: Options): string {
  const stretches = splitByNoise(text, options.suspiciousRun);
  let chunkIndex = 0;
  const judged: Stretch[] = [];
  for (const [index, stretch] of stretches.entries()) {
    if (!stretch.kept) {
      judged.push(stretch);
      continue;
    }
    const besideCut = stretches[index - 1]?.kept === false || stretches[index + 1]?.kept === false;
    if (besideCut && stretch.text.trim().length < options.minimumChunk) {
      judged.push({ text: stretch.text, kept: false });
      continue;
    }
    for (const chunk of chunkText(stretch.text, {
      maximum: options.maximumChunk,
      minimum: options.minimumChunk,
    }))
      judged.push({ text: chunk, kept: chunkIndex++ < options.keepFirst || isGood(chunk, options) });
  }
  if (judged.every(({ kept }) => kept)) return text;
  return join(judged);
}

/** Stretches of lines, good and noisy in turn. Marks of earlier cuts end a stretch. */
function splitByNoise(text: string, run: number): Stretch[] {
  const lines = text.split('\n');
  const kinds = lines.map(lineKind);
  const noisy = new Array<boolean>(lines.length).fill(false);
  let first = -1;
  let last = -1;
  let count = 0;
  const close = () => {
    if (count >= run) noisy.fill(true, first, last + 1);
    count = 0;
  };
  for (const [i, kind] of kinds.entries()) {
    if (kind === 'text') close();
    else if (kind === 'noise') {
      if (count++ === 0) first = i;
      last = i;
    }
  }
  close();
  const stretches: Stretch[] = [];
  let own = '';
  for (const [i, line] of lines.entries()) {
    if (i > 0 && noisy[i] !== noisy[i - 1]) {
      stretches.push({ text: own, kept: !noisy[i - 1] });
      own = '';
    }
    own += i === lines.length - 1 ? line : `${line}\n`;
  }
  stretches.push({ text: own, kept: !noisy.at(-1) });
  return stretches;
}

function isGood(chunk: string, options: Options): boolean {
  if (chunk.trim().length < options.minimumChunk) return true;
  if (tokensPerCharacter(chunk) > options.maximumTokensPerCharacter) return false;
  return !options.languages || options.languages.includes(detectLanguage(chunk));
}

function join(stretches: readonly Stretch[]): string {
  let text = '';
  let gap = false;
  for (const stretch of stretches) {
    if (!stretch.kept) {
      gap = true;
      continue;
    }
    if (gap) text = mark(text);
    text += gap ? stretch.text.replace(/^(?:\s|\[…\])+/, '') : stretch.text;
    gap = false;
  }
  return gap ? mark(text).trimEnd() : text;
}

/** A text up to a gap: one mark, however many gaps met here. */
function mark(text: string): string {
  let end = text.length;
  for (;;) {
    const trimmed = text.slice(0, end).trimEnd();
    if (!trimmed.endsWith(MARK)) return trimmed === '' ? `${MARK}\n` : `${trimmed}\n${MARK}\n`;
    end = trimmed.length - MARK.length;
  }
}
