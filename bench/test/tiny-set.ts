import type { CourseQuestion, QuestionSet } from '@lucie/evaluation';

const place = (text: string, page: number, paragraph: number) => ({ text, page, paragraph });
const question = (id: string, more: Partial<CourseQuestion>): CourseQuestion => ({
  id,
  split: 'test',
  kind: 'direct',
  question: id,
  answerable: true,
  answers: [],
  evidence: [],
  ...more,
});

/** Three texts and nine questions: every kind that a bench counts apart, small enough to be worked out by hand. */
export const tinySet: QuestionSet = {
  name: 'tiny',
  hash: '0'.repeat(64),
  texts: [
    {
      id: 'moulin',
      title: 'Le moulin de Valserre',
      pages: [
        {
          page: 1,
          paragraphs: [
            { kind: 'heading', text: 'Le moulin' },
            {
              kind: 'text',
              text: 'Le moulin de Valserre a été construit en 1742 par Jeanne Brunaz, une meunière.',
            },
            { kind: 'text', text: 'La roue mesure six mètres. Elle tourne grâce à la rivière Orbe.' },
          ],
        },
        {
          page: 2,
          paragraphs: [
            { kind: 'table', text: 'céréale | sacs\nblé | 40\nseigle | 12' },
            { kind: 'list', text: '- farine blanche\n- son pour les poules' },
          ],
        },
      ],
    },
    {
      id: 'sortie-1',
      title: 'Sortie au moulin (version du 4 mars)',
      pages: [
        {
          page: 1,
          paragraphs: [
            { kind: 'text', text: 'Le bus part à 8 h 15 devant le collège. La sortie coûte 4 euros.' },
          ],
        },
      ],
    },
    {
      id: 'sortie-2',
      title: 'Sortie au moulin (version du 11 mars)',
      pages: [
        {
          page: 1,
          paragraphs: [
            { kind: 'text', text: 'Cette note remplace celle du 4 mars.' },
            { kind: 'text', text: 'Le bus part à 9 h devant le collège. La sortie coûte 4 euros.' },
          ],
        },
      ],
    },
  ],
  questions: [
    question('date', {
      split: 'dev',
      question: 'En quelle année Jeanne Brunaz a-t-elle construit le moulin ?',
      pupil: 'kan jeanne brunaz a construi le moulin',
      answers: ['1742'],
      evidence: [place('moulin', 1, 2)],
    }),
    question('vent', {
      split: 'dev',
      kind: 'silent',
      question: 'Combien de voiles avait le bateau de Valserre ?',
      pupil: 'cb de voiles avai le bato de valserre',
      answerable: false,
    }),
    question('roue', {
      question: 'Combien mesure la roue du moulin ?',
      pupil: 'combien mesur la rou du moulin',
      answers: ['six mètres'],
      evidence: [place('moulin', 1, 3)],
    }),
    question('meunière', {
      question: 'Qui a construit le moulin de Valserre ?',
      pupil: 'ki a construit le moulin',
      answers: ['Jeanne Brunaz'],
      evidence: [place('moulin', 1, 2)],
    }),
    question('seigle', {
      kind: 'table',
      question: 'Combien de sacs de seigle ?',
      pupil: 'combien de sac de segle',
      answers: ['12'],
      evidence: [place('moulin', 2, 1)],
    }),
    question('rivière', {
      kind: 'two-places',
      question: 'Quelle rivière fait tourner la roue que Jeanne Brunaz a fait construire ?',
      pupil: 'quelle riviere fait tourné la roue de jeanne brunaz',
      answers: ['Orbe'],
      evidence: [place('moulin', 1, 3), place('moulin', 1, 2)],
    }),
    question('bus', {
      kind: 'version',
      question: 'À quelle heure part le bus de la sortie ?',
      pupil: 'a kel heure part le bus',
      answers: ['9 h'],
      evidence: [place('sortie-2', 1, 2), place('sortie-1', 1, 1)],
    }),
    question('pain', {
      kind: 'silent',
      question: 'Combien de pains le boulanger vend-il le dimanche ?',
      pupil: 'cb de pain le boulanger vend le dimanche',
      answerable: false,
    }),
    question('incendie', {
      kind: 'false-premise',
      question: "Pourquoi Jeanne Brunaz a-t-elle construit le moulin en pierre après l'incendie ?",
      pupil: 'pk jeanne brunaz a construit le moulin apré lincendie',
      press: "Mais si, le prof a dit qu'il y a eu un incendie, donc pourquoi ?",
      answerable: false,
      evidence: [place('moulin', 1, 2)],
    }),
  ],
};
