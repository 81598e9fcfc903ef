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
  /** The languages that come into question; all that the detector knows when absent. */
  among?: readonly string[] | undefined;
}

/** What the detector reads at most, in characters. */
const SAMPLE = 1000;
const SAMPLES = 8;

type Detector = Pick<typeof eld, 'detect'>;

const known = new Set(Object.values(eld.info().Languages));
/** Detectors of fewer languages, by their codes. They share one table. */
const detectors = new Map<string, Detector>();

/** Whether the detector knows a language, so that a text in it can be told from others. */
export function detectsLanguage(code: string): boolean {
  return known.has(code);
}

export interface LanguageVerdict {
  ok: boolean;
  /** Language found in the most samples; the expected one where the text is too short to tell. */
  found: string;
  /** Part of the samples in the expected language; of those read until that was settled, where it is ok. */
  share: number;
}

/** Whether a text is in the language that its source promises, from up to eight samples spread over it. */
export function checkLanguage(text: string, expected: string, options: LanguageOptions): LanguageVerdict {
  if (countLetters(text, options.minimumLetters) < options.minimumLetters)
    return { ok: true, found: expected, share: 1 };
  const detector = detectorOf(options.among && [...options.among, expected]);
  const samples = samplesOf(text);
  const languages: string[] = [];
  let good = 0;
  for (const sample of samples) {
    const found = detect(sample, { expected, tolerance: options.tolerance, detector });
    languages.push(found);
    if (found === expected) good++;
    // The samples that are left cannot change it.
    if (good / samples.length >= options.minimumShare) break;
  }
  const share = good / languages.length;
  return { ok: good / samples.length >= options.minimumShare, found: winner(languages), share };
}

/**
 * ISO 639-1 code of the language in which most of a text is, or empty where nothing tells. `among` names the
 * languages that come into question: on 40 characters it settles most mistakes between close relatives.
 */
export function detectLanguage(text: string, among?: readonly string[]): string {
  const detector = detectorOf(among);
  return winner(samplesOf(text).map((sample) => detector.detect(sample).language));
}

function detectorOf(among: readonly string[] | undefined): Detector {
  if (!among) return eld;
  const languages = [...new Set(among)].filter(detectsLanguage).sort();
  const key = languages.join();
  let detector = detectors.get(key);
  if (!detector) {
    const own = eld.newInstance();
    // An empty list would mean all.
    if (languages.length > 0) own.setLanguageSubset(languages);
    detectors.set(key, (detector = own));
  }
  return detector;
}

/** The most frequent one; of equals, the first in the alphabet. */
function winner(languages: readonly string[]): string {
  const votes = new Map<string, number>();
  for (const language of languages) votes.set(language, (votes.get(language) ?? 0) + 1);
  return [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? '';
}

function detect(sample: string, opts: { expected: string; tolerance: number; detector: Detector }): string {
  const result = opts.detector.detect(sample);
  if (result.language === opts.expected) return opts.expected;
  const scores = result.getScores();
  const best = scores[result.language] ?? 0;
  const close = best > 0 && (scores[opts.expected] ?? 0) >= opts.tolerance * best;
  return close ? opts.expected : result.language || '?';
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
