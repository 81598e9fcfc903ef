import { eld } from 'eld/medium';

export interface LanguageOptions {
  /** Texts with fewer letters are believed: names and numbers do not tell a language. */
  minimumLetters: number;
  /** Part of the samples of a text that must be in its language. */
  minimumShare: number;
  /**
   * A sample also counts when its language scores at least this part of the best one: close relatives come within
   * some hundredths of each other on short texts.
   */
  tolerance: number;
}

/** What the detector reads at most, in characters. */
const SAMPLE = 1000;
const SAMPLES = 8;

export interface LanguageVerdict {
  ok: boolean;
  /** Language found in the most samples; the expected one where the text is too short to tell. */
  found: string;
  /** Part of the samples in the expected language. */
  share: number;
}

/** Whether a text is in the language that its source promises, from up to eight samples spread over it. */
export function checkLanguage(text: string, expected: string, options: LanguageOptions): LanguageVerdict {
  if (countLetters(text, options.minimumLetters) < options.minimumLetters)
    return { ok: true, found: expected, share: 1 };
  const votes = new Map<string, number>();
  let right = 0;
  const samples = samplesOf(text);
  for (const sample of samples) {
    const result = eld.detect(sample);
    const scores = result.getScores();
    const best = scores[result.language] ?? 0;
    const close = best > 0 && (scores[expected] ?? 0) >= options.tolerance * best;
    const language = result.language === expected || close ? expected : result.language || '?';
    if (language === expected) right++;
    votes.set(language, (votes.get(language) ?? 0) + 1);
  }
  const share = right / samples.length;
  const [found] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]!;
  return { ok: share >= options.minimumShare, found, share };
}

function samplesOf(text: string): string[] {
  if (text.length <= SAMPLE) return [text];
  const count = Math.min(SAMPLES, Math.ceil(text.length / SAMPLE));
  const step = (text.length - SAMPLE) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, i) => {
    const at = Math.round(i * step);
    return text.slice(at, at + SAMPLE);
  });
}

/** Letters of a text, counted no further than needed. */
function countLetters(text: string, enough: number): number {
  let count = 0;
  for (const match of text.matchAll(/\p{L}+/gu)) {
    count += match[0].length;
    if (count >= enough) break;
  }
  return count;
}
