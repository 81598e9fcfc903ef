import type { Hit } from '../passage.ts';
import { analyse } from '../words/analyse.ts';
import { sentences } from '../words/sentences.ts';
import { stem } from '../words/stem.ts';
import { names } from './answer-type.ts';
import { findHostile } from './hostile.ts';
import { denials } from './negation.ts';
import { unmask } from './unmask.ts';

/** Of the sentence's words, so many stand in the proof … */
const WORDS = 0.75;
/** … and so many in the same order: `le loup mange l'agneau` does not prove that the lamb eats the wolf. */
const ORDER = 0.65;

/** Words that turn a sentence into its contrary though all others agree. */
const CONTRARY: readonly [string, string][] = [
  ['augment', 'diminu'],
  ['augment', 'baiss'],
  ['mont', 'descend'],
  ['mont', 'baiss'],
  ['plus', 'moins'],
  ['avant', 'apres'],
  ['premier', 'dernier'],
  ['interdit', 'autoris'],
  ['interdi', 'permet'],
  ['interdit', 'permis'],
  ['obligatoire', 'facultati'],
  ['toujours', 'jamais'],
  ['tous', 'aucun'],
  ['tout', 'rien'],
  ['ouvr', 'ferm'],
  ['ouvert', 'ferm'],
  ['gagn', 'perd'],
  ['achet', 'vend'],
  ['commenc', 'fini'],
  ['debut', 'fin'],
  ['maxim', 'minim'],
  ['nord', 'sud'],
  ['est', 'ouest'],
  ['gauche', 'droite'],
  ['chaud', 'froid'],
  ['grand', 'petit'],
  ['accept', 'refus'],
  ['vrai', 'faux'],
  ['avec', 'sans'],
  ['dedans', 'dehors'],
  ['jour', 'nuit'],
  ['arriv', 'part'],
  ['entre', 'sort'],
  ['matin', 'soir'],
  ['positi', 'negati'],
  ['haut', 'bas'],
  ['rapide', 'lent'],
  ['possible', 'impossible'],
  ['mort', 'vivant'],
  ['ajout', 'retir'],
];

/** The piece of a passage that proves a sentence, in characters of the paragraph. */
export interface Proof {
  hit: Hit;
  start: number;
  end: number;
}

/**
 * Looks for the one or two neighbouring sentences of a passage that prove a written sentence: all its numbers (each beside
 * the same word) and names stand there, most of its words do, in the same order, nothing is denied here that is not
 * denied there, and no word stands against its contrary. Sentences that give orders to programs prove nothing.
 * Strict on purpose: a true sentence that is worded freely is lost rather than a false one given.
 */
export function findProof(sentence: string, hits: readonly Hit[]): Proof | undefined {
  let best: (Proof & { share: number }) | undefined;
  for (const hit of hits) {
    const hostile = findHostile(hit.text);
    const spans = hit.kind === 'table' ? [{ start: 0, end: hit.text.length }] : sentences(hit.text);
    for (let i = 0; i < spans.length; i++) {
      for (const last of [spans[i]!, spans[i + 1]]) {
        if (!last) continue;
        const { start } = spans[i]!;
        if (hostile.some((span) => span.start < last.end && start < span.end)) continue;
        const share = supports(hit.text.slice(start, last.end), sentence);
        if (share === undefined || (best && share <= best.share)) continue;
        best = { hit, start: hit.start + start, end: hit.start + last.end, share };
      }
    }
  }
  return best && { hit: best.hit, start: best.start, end: best.end };
}

/** The share of the sentence's words that the proof has; undefined when it does not prove it. */
export function supports(proof: string, sentence: string): number | undefined {
  const said = analyse(sentence);
  if (said.length < 2) return undefined;
  const known = analyse(proof);
  const terms = new Set(known.map(({ term }) => term));
  const shared = said.filter(({ term }) => terms.has(term));
  if (shared.length / said.length < WORDS) return undefined;
  if (!numbersStand(said, known) || countsOtherwise(sentence, known)) return undefined;
  const plainProof = unmask(proof);
  if (names(sentence).some((name) => !plainProof.includes(unmask(name)))) return undefined;
  if (Math.min(denials(sentence), 1) !== Math.min(deniedNear(proof, shared), 1)) return undefined;
  if (contradicts(unmask(sentence), plainProof)) return undefined;
  const order = commonOrder(
    said.map(({ term }) => term),
    known.map(({ term }) => term),
  );
  return order / said.length < ORDER ? undefined : shared.length / said.length;
}

interface Term {
  term: string;
}

/** Each number of the sentence stands in the proof, beside a word that is beside it there, too. */
function numbersStand(said: readonly Term[], known: readonly Term[]): boolean {
  const isNumber = ({ term }: Term) => /^\d/.test(term);
  return said.every((word, i) => {
    if (!isNumber(word)) return true;
    // What is counted stands behind its number; at the end of a sentence, what stands before it.
    const step = said[i + 1] ? 1 : -1;
    const counted = said[i + step]?.term;
    return known.some(
      (other, j) => other.term === word.term && (counted === undefined || known[j + step]?.term === counted),
    );
  });
}

/** `une voix` where the proof counts `quinze voix`: articles count, too, when numbers stand against them. */
function countsOtherwise(sentence: string, known: readonly Term[]): boolean {
  return [...unmask(sentence).matchAll(/\bune? (?:seule? )?([a-z]+)/g)].some(([, noun]) =>
    known.some(({ term }, i) => /^\d/.test(term) && term !== '1' && known[i + 1]?.term === stem(noun!)),
  );
}

/** Denials in the clauses of the proof that share words with the sentence: a clause about something else may deny what it likes. */
function deniedNear(proof: string, shared: readonly Term[]): number {
  const terms = new Set(shared.map(({ term }) => term));
  return proof
    .split(/[;:.!?…]\s|,\s(?:mais|et|or|tandis|alors)\s/)
    .filter(
      (clause) => analyse(clause).filter(({ term }) => terms.has(term)).length >= Math.min(2, terms.size),
    )
    .reduce((sum, clause) => sum + denials(clause), 0);
}

function contradicts(sentence: string, proof: string): boolean {
  const has = (text: string, beginning: string) => new RegExp(`\\b${beginning}`).test(text);
  const against = (a: string, b: string) =>
    has(sentence, a) && !has(sentence, b) && has(proof, b) && !has(proof, a);
  return CONTRARY.some(([a, b]) => against(a, b) || against(b, a));
}

/** Length of the longest common subsequence. */
function commonOrder(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++) {
      next[j] = one === b[j - 1] ? row[j - 1]! + 1 : Math.max(row[j]!, next[j - 1]!);
    }
    row = next;
  }
  return row[b.length]!;
}
