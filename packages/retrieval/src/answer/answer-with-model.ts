import type { ChatMessage } from '@lucie/inference';
import type { AnswerSentence, GroundedAnswer } from '../citation.ts';
import type { Hit } from '../passage.ts';
import type { Reader } from '../read/reader.ts';
import { answer, confidenceOf, refuse, whySilent } from './answer-question.ts';
import { cite } from './cite.ts';
import { findEvidence, type Searchable } from './find-evidence.ts';
import type { Turn } from './follow-up.ts';
import { withoutLinks } from './hostile.ts';
import { findProof } from './is-supported.ts';
import { groundedPrompt, NO_ANSWER } from './prompt.ts';
import { readSentences, type WrittenSentence } from './read-sentences.ts';
import { unmask } from './unmask.ts';

export interface ModelAnswerOptions {
  /** Writes the answer to a prompt, piece by piece. */
  write: (prompt: ChatMessage[], signal?: AbortSignal) => AsyncIterable<string>;
  history?: readonly Turn[];
  signal?: AbortSignal;
  /** See `AnswerOptions`. */
  reader?: Reader | undefined;
}

/** Passages that a model is shown. */
const SHOWN = 6;
/** A model that goes on is stopped here. */
const MOST_SENTENCES = 6;

/**
 * Lets a model word the answer and gives only the sentences that their passages prove, each as soon as it is checked.
 * Where a sentence comes from is looked up in what was found: the model's numbers only say where to look. Nothing proven
 * means a refusal `unsupported`; the model is not asked at all where the documents are silent.
 * Only for models that `mayGenerate`: whoever calls this has looked.
 * @returns the whole answer, when the generator is done
 */
export async function* answerWithModel(
  room: Searchable,
  question: string,
  opts: ModelAnswerOptions,
): AsyncGenerator<AnswerSentence, GroundedAnswer> {
  const evidence = await findEvidence(room, question, opts);
  const { probability, threshold } = confidenceOf(evidence);
  if (probability < threshold) return refuse(evidence, whySilent(evidence), probability);
  const shown = passagesOf(evidence.scored.map(({ hit }) => hit));
  const prompt = groundedPrompt(evidence.asked.question, shown, opts.history);
  const given: AnswerSentence[] = [];
  const stop = new AbortController();
  const signal = opts.signal ? AbortSignal.any([opts.signal, stop.signal]) : stop.signal;
  try {
    for await (const written of readSentences(opts.write(prompt, signal))) {
      if (unmask(written.text).includes(unmask(NO_ANSWER))) break;
      const sentence = check(written, shown, room);
      if (!sentence || given.some(({ text }) => text === sentence.text)) continue;
      given.push(sentence);
      yield sentence;
      if (given.length === MOST_SENTENCES) break;
    }
  } finally {
    stop.abort();
  }
  opts.signal?.throwIfAborted();
  if (given.length === 0) return refuse(evidence, 'unsupported', probability);
  return answer('generative', { sentences: given, evidence, confidence: probability });
}

/** A written sentence with its proof; undefined when it names no passage that proves it. */
function check(
  written: WrittenSentence,
  shown: readonly Hit[],
  room: Searchable,
): AnswerSentence | undefined {
  const named = written.numbers.flatMap((number) => shown[number - 1] ?? []);
  const proof = findProof(written.text, named);
  if (!proof) return undefined;
  return { text: withoutLinks(written.text).trim(), citations: [cite(proof.hit, proof, room)] };
}

function passagesOf(hits: readonly Hit[]): Hit[] {
  return [...new Set(hits)].slice(0, SHOWN);
}
