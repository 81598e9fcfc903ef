import { reachesBar, type Scores, taskName } from '@lucie/evaluation';
import type { RunFacts } from './run-facts.ts';
import { amount, type Language, percent, table } from './text.ts';

type Task = Scores['tasks'][number];

const roles: Record<string, Record<Language, string>> = {
  base: { fr: 'de base (non publié ici)', en: 'base (not in this folder)' },
  instruct: { fr: 'instruit (publié)', en: 'instruct (released)' },
};

/** What training had seen of a task's questions, where it is not nothing. */
const seen: [RegExp, Record<Language, string>][] = [
  [
    /^capitals-held-out-/,
    {
      fr: 'leur fiche est parmi les textes du modèle de base',
      en: "their sheet is among the base model's texts",
    },
  ],
  [/^capitals-/, { fr: 'questions apprises', en: 'questions trained on' }],
];

/** What was measured, on which model and on which text. */
export function scoreNotes(language: Language): string {
  return language === 'fr'
    ? "**Deux modèles ont été mesurés.** Les bits par octet, la grammaire et les textes libres sont les scores du modèle *de base*, avant les instructions ; ce dossier contient le modèle *instruit*, qui en est issu et à qui vont les questions. Les bits par octet viennent de documents mis de côté, qu'aucun entraînement n'a lus. Les questions sur les capitales sont de deux sortes : celles que l'instruction a apprises, et celles de pays dont la question n'a pas été apprise, mais dont la fiche fait partie des textes du modèle de base. Intervalle à 95 % par rééchantillonnage ; il est nul quand toutes les réponses se valent, ce qui n'est pas une certitude. Tout est dans [scores.json](scores.json)."
    : '**Two models were measured.** Bits per byte, grammar and free samples are scores of the *base* model, before instructions; this folder holds the *instruct* model that was made from it, and the questions were put to that one. Bits per byte are on held-out documents that no training has read. Questions on capitals are of two kinds: those that the instructions taught, and those on countries whose question was not taught, though their sheet is among the texts of the base model. 95 % intervals by resampling; they are empty where all answers are alike, which is no certainty. Everything is in [scores.json](scores.json).';
}

export function scoreTable(facts: RunFacts, language: Language): string {
  const head = {
    fr: ['Mesure', 'Modèle', 'Valeur', 'Intervalle', 'Nombre', 'xz', 'Exigé', 'Atteint'],
    en: ['Measure', 'Model', 'Value', 'Interval', 'Number', 'xz', 'Bar', 'Met'],
  };
  const yesNo = { fr: ['oui', 'non'], en: ['yes', 'no'] }[language];
  return table(
    head[language],
    facts.scores.tasks.map((task) => {
      const met = reachesBar(task);
      const figure = (value: number) => figureText(task, value, language);
      return [
        rowName(task, language),
        roles[task.model]?.[language] ?? task.model,
        figure(task.value),
        `${figure(task.low)} – ${figure(task.high)}`,
        amount(task.n, language),
        task.peer ? amount(task.peer.xz, language, 3) : '',
        task.bar === null
          ? ''
          : `${task.better === 'lower' ? '≤' : '≥'} ${barText(task, task.bar, language)}`,
        met === undefined ? '' : met ? yesNo[0]! : yesNo[1]!,
      ];
    }),
  );
}

function rowName(task: Task, language: Language): string {
  const remark = seen.find(([pattern]) => pattern.test(task.name))?.[1][language];
  const name = taskName(task.name, language);
  return remark ? `${name} (${remark})` : name;
}

function isShare({ metric }: Task): boolean {
  return metric === 'share' || metric === 'accuracy';
}

function figureText(task: Task, value: number, language: Language): string {
  return isShare(task) ? percent(value, language) : amount(value, language, 3);
}

/** A share that no percentage tells exactly is told as the fraction that it is: 19/21. */
function barText(task: Task, bar: number, language: Language): string {
  const whole = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;
  if (!isShare(task) || whole(1000 * bar)) return figureText(task, bar, language);
  for (let below = 2; below <= 100; below++) {
    if (whole(bar * below)) return `${Math.round(bar * below)}/${below}`;
  }
  return figureText(task, bar, language);
}
