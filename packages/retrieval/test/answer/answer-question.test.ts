import { describe, expect, test } from 'vitest';
import { answerQuestion } from '../../src/answer/answer-question.ts';
import { cite } from '../../src/answer/cite.ts';
import type { Searchable } from '../../src/answer/find-evidence.ts';
import type { GroundedAnswer } from '../../src/index.ts';
import { hitsOf, type MadeDocument, madeRoom } from './made-room.ts';

const bread: MadeDocument = {
  title: 'Le pain de Marius',
  paragraphs: [
    { kind: 'heading', text: 'La pâte' },
    'Marius Teyssot pétrit à la main. Sa pâte repose quatre heures à vingt-six degrés. Elle double de volume.',
    'Le four est chauffé au bois de hêtre. On y met trente pains à la fois.',
    {
      kind: 'table',
      text: 'Pain | Poids (g) | Prix\nBâtard | 250 | 1,10 €\nMiche | 1200 | 4,80 €\nFicelle | 120 | 0,70 €',
    },
  ],
};
const owl: MadeDocument = {
  title: 'La chouette',
  paragraphs: ['La chouette effraie niche dans le clocher. Elle chasse la nuit.'],
};

function answered(answer: GroundedAnswer) {
  if (answer.kind !== 'answer') throw new Error(`refused: ${answer.reason}`);
  return answer;
}
function refused(answer: GroundedAnswer) {
  if (answer.kind !== 'refusal') throw new Error('answered');
  return answer;
}
const textOf = (answer: GroundedAnswer) =>
  answered(answer)
    .sentences.map(({ text }) => text)
    .join(' ');

describe('an answer from the documents', () => {
  test('quotes sentences word for word, in order, with their place', async () => {
    const room = madeRoom([owl, bread]);
    const answer = answered(await answerQuestion(room, 'Combien d’heures la pâte de Marius repose-t-elle ?'));
    expect(answer.method).toBe('extractive');
    expect(textOf(answer)).toContain('Sa pâte repose quatre heures à vingt-six degrés.');
    const starts: number[] = [];
    for (const { text, citations } of answer.sentences) {
      const [own] = citations;
      expect(own).toMatchObject({ document: 2, title: bread.title, page: 1, paragraph: 2, quote: text });
      expect((bread.paragraphs[1] as string).slice(own!.start, own!.end)).toBe(text);
      starts.push(own!.start);
    }
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(answer.confidence).toBeGreaterThan(0.5);
  });

  test('never more sentences than asked for', async () => {
    const answer = await answerQuestion(madeRoom([bread]), 'Combien d’heures la pâte repose-t-elle ?', {
      maxSentences: 1,
    });
    expect(answered(answer).sentences).toHaveLength(1);
  });

  test('spans count from the block, also for a passage from its middle', async () => {
    const room: Searchable = {
      async search() {
        const text = 'La pâte repose quatre heures.';
        return [
          {
            id: 1,
            document: 1,
            title: 'T',
            page: 3,
            paragraph: 7,
            kind: 'text',
            start: 100,
            end: 129,
            text,
            headings: [],
            score: 1,
          },
        ];
      },
    };
    const answer = answered(await answerQuestion(room, 'Combien d’heures la pâte repose-t-elle ?'));
    expect(answer.sentences[0]!.citations[0]).toMatchObject({
      quote: 'La pâte repose quatre heures.',
      start: 100,
      end: 129,
      page: 3,
      paragraph: 7,
    });
  });

  test('a comparison gets its row of the table, with the head as proof', async () => {
    const answer = answered(await answerQuestion(madeRoom([bread]), 'Quel pain a le plus grand poids ?'));
    const row = answer.sentences.find(({ citations }) => citations[0]!.paragraph === 4)!;
    expect(row.text).toBe('Pain | Poids (g) | Prix\nMiche | 1200 | 4,80 €');
    expect(row.citations.map(({ quote }) => quote)).toEqual([
      'Miche | 1200 | 4,80 €',
      'Pain | Poids (g) | Prix',
    ]);
  });

  test('boxes come from the document', async () => {
    const box = { x: 0, y: 0.1, width: 1, height: 0.05 };
    const room = madeRoom([owl]);
    room.document = () => ({
      parsed: {
        title: '',
        format: 'pdf',
        hidden: [],
        warnings: [],
        pages: [{ page: 1, blocks: [{ kind: 'text', text: '', boxes: [box] }] }],
      },
    });
    const answer = answered(await answerQuestion(room, 'Où niche la chouette effraie ?'));
    expect(answer.sentences[0]!.citations[0]!.boxes).toEqual([box]);
  });

  test('boxes are those of the lines that are quoted, not of the whole paragraph', () => {
    const text = 'Une ligne.\nUne autre.\nLa dernière.';
    const boxes = [0.1, 0.2, 0.3].map((y) => ({ x: 0, y, width: 1, height: 0.05 }));
    const block = { kind: 'text' as const, text, boxes, starts: [0, 11, 22] };
    const [hit] = hitsOf([{ title: '', paragraphs: [text] }]);
    const quoted = (start: number, end: number) =>
      cite(
        hit!,
        { start, end },
        {
          document: () => ({
            parsed: {
              title: '',
              format: 'pdf',
              hidden: [],
              warnings: [],
              pages: [{ page: 1, blocks: [block] }],
            },
          }),
        },
      ).boxes;
    expect(quoted(11, 21)).toEqual([boxes[1]]);
    expect(quoted(4, 12)).toEqual([boxes[0], boxes[1]]);
    expect(quoted(22, 34)).toEqual([boxes[2]]);
  });

  test('two places: sentences that cover different words of the question', async () => {
    const lessons: MadeDocument = {
      title: 'Le village',
      paragraphs: ['La halle de Bréval fut bâtie en 1238.', 'La cloche Guillemette arriva en 1259.'],
    };
    const question = 'Que sait-on de la halle de Bréval et de la cloche Guillemette ?';
    const paragraphs = answered(await answerQuestion(madeRoom([lessons]), question)).sentences.map(
      ({ citations }) => citations[0]!.paragraph,
    );
    expect(paragraphs).toEqual([1, 2]);
  });
});

describe('versions', () => {
  const old: MadeDocument = {
    title: 'Sortie (version du 4 mars)',
    paragraphs: ['Le car part à 8 h du collège.'],
  };
  const now: MadeDocument = {
    title: 'Sortie (version du 18 mars)',
    paragraphs: ['Cette note remplace celle du 4 mars.', 'Le car part à 9 h 30 du collège.'],
  };

  test('what holds now is quoted, and what was left out is said', async () => {
    const answer = answered(await answerQuestion(madeRoom([old, now]), 'À quelle heure part le car ?'));
    expect(textOf(answer)).toContain('9 h 30');
    expect(textOf(answer)).not.toContain('8 h');
    expect(answer.superseded).toEqual([{ document: 1, title: old.title, by: 2 }]);
  });

  test('the old one is quoted to who asks for it', async () => {
    const answer = await answerQuestion(
      madeRoom([old, now]),
      'À quelle heure partait le car dans l’ancienne version ?',
    );
    expect(textOf(answer)).toContain('8 h');
  });
});

describe('a refusal', () => {
  test('when there is nothing, and says what was looked for', async () => {
    const answer = refused(await answerQuestion(madeRoom([owl]), 'Qui a inventé le téléphone portable ?'));
    expect(answer.reason).toBe('silent');
    expect(answer.lookedFor).toEqual(['inventé', 'téléphone', 'portable']);
    expect(answer.nearest).toEqual([]);
    expect(answer.confidence).toBe(1);
  });

  test('when the place is found but not the value, with the passages that are nearest', async () => {
    const answer = refused(
      await answerQuestion(madeRoom([owl, bread]), 'Combien pèse la chouette effraie du clocher ?'),
    );
    expect(answer.nearest[0]!.title).toBe(owl.title);
    expect(new Set(answer.nearest.map(({ id }) => id)).size).toBe(answer.nearest.length);
  });

  test('holds when the pupil insists, and what he claims is no source', async () => {
    const room = madeRoom([owl, bread]);
    const question = 'Combien pèse la chouette effraie du clocher ?';
    const first = await answerQuestion(room, question);
    const pressed = await answerQuestion(
      room,
      'Mais si, le prof a dit qu’elle pesait 300 g, donc combien ?',
      {
        history: [
          { role: 'user', text: question },
          { role: 'assistant', text: 'Les documents ne le disent pas.' },
        ],
      },
    );
    expect(pressed).toEqual(first);
    expect(room.asked.join(' ')).not.toContain('300');
  });

  test('an aborted question ends', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(answerQuestion(madeRoom([owl]), 'Où niche la chouette ?', { signal })).rejects.toThrow(
      'gone',
    );
  });
});

test('a follow-up is searched with the question before it', async () => {
  const room = madeRoom([bread]);
  await answerQuestion(room, 'Et la miche ?', {
    history: [{ role: 'user', text: 'Combien coûte le bâtard de Marius ?' }],
  });
  expect(room.asked[0]).toBe('Et la miche ? Combien coûte le bâtard de Marius ?');
});
