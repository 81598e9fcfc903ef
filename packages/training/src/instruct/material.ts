import { join } from 'node:path';
import { type Document, parseExtra, readDocuments } from '@lucie/corpus';
import type { Tokenizer } from '@lucie/tokenizer';
import { byRenown, type Country, countryOf, isHeldOut } from './country.ts';
import { factsOf } from './country-questions.ts';
import { encodePair, type Pair } from './example.ts';
import { firstSentences } from './first-sentences.ts';
import { identityPairs } from './identity.ts';
import type { Material } from './mix.ts';

/** A question on a capital with the words that a right answer holds. */
export interface Question {
  question: string;
  expected: string;
  /** ISO 3166-1 alpha-3 */
  country: string;
}

export interface InstructMaterial extends Material {
  /** Questions on capitals that are trained on: France, then the largest states. */
  trainFacts: Question[];
  /** The same of countries about which nothing is trained on. */
  heldOutFacts: Question[];
}

/** Collects what the corpus offers: questions with their sheets, and facts on countries. */
export async function readMaterial(
  corpusDir: string,
  tokenizer: Tokenizer,
  opts: { name: string; maxTokens: number; maxAnswerTokens: number; heldOutPercent: number },
): Promise<InstructMaterial> {
  const pairs = identityPairs(opts.name);
  const countries: Country[] = [];
  const asked = new Set<string>();
  for await (const document of readDocuments(join(corpusDir, 'documents.parquet'))) {
    const country = countryOf(document);
    if (country) countries.push(country);
    const pair = answerPair(document, tokenizer, opts);
    if (pair && !asked.has(pair.question)) {
      asked.add(pair.question);
      pairs.push(pair);
    }
  }
  countries.sort(byRenown);
  const [heldOut, trained] = [true, false].map((wanted) =>
    countries.filter(({ code }) => isHeldOut(code, opts.heldOutPercent) === wanted),
  ) as [Country[], Country[]];
  return {
    pairs,
    facts: trained.flatMap(factsOf),
    trainFacts: capitalQuestions(trained),
    heldOutFacts: capitalQuestions(heldOut),
  };
}

/** The pair of a document of kind `question-answer`, its answer cut at a sentence end. */
function answerPair(
  document: Document,
  tokenizer: Tokenizer,
  opts: { maxTokens: number; maxAnswerTokens: number },
): Pair | undefined {
  if (parseExtra(document).kind !== 'question-answer') return undefined;
  const question = document.title;
  const answer = firstSentences(document.text, (text) => {
    if (text.length > 8 * opts.maxAnswerTokens) return false;
    const { ids, mask } = encodePair(tokenizer, { question, answer: text });
    return ids.length <= opts.maxTokens && mask.reduce((a, b) => a + b, 0) <= opts.maxAnswerTokens;
  });
  return answer === '' ? undefined : { kind: 'answers', question, answer };
}

function capitalQuestions(countries: Country[]): Question[] {
  return countries.flatMap((country) =>
    factsOf(country)
      .filter(({ subject }) => subject === 'capital')
      .map(({ questions, expected }) => ({ question: questions[0]!, expected, country: country.code })),
  );
}
