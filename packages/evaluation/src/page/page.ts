import { type Html, html } from '@lucie/ledger';
import { type AnswerResult, reachesBar, type SampleResult, type Scores, type Task } from '../scores.ts';
import { taskName } from '../task-names.ts';
import { barChart, intervalChart, lineChart } from './charts.ts';
import { categoryName } from './names.ts';
import { both, decimal, label, percent, whole } from './say.ts';
import { style } from './style.ts';

/** Loss per step of one training, for the curve. */
export interface LossCurve {
  /** `base` or `instruct`. */
  name: string;
  points: { step: number; loss: number }[];
}

/** The scores as one self-contained page: no script, nothing fetched from anywhere. */
export function renderPage(scores: Scores, curves: LossCurve[] = []): string {
  const grammar = scores.tasks.find(({ perCategory }) => perCategory);
  const compression = scores.tasks.filter(({ perSource }) => perSource);
  const page = html`<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Évaluation : ${scores.name}</title><style>${style}</style></head><body><main>
<header><span class="badge">Modèle de recherche · <span lang="en">research model</span></span>
<h1>Évaluation : ${scores.name} <span class="en" lang="en">evaluation</span></h1>
${both(
  'Ce que ce modèle sait et ne sait pas, mesuré sur des textes et des phrases écartés de l’entraînement, et sur des questions dont il est dit si elles en faisaient partie. Il se trompe souvent : il n’est pas fait pour renseigner quelqu’un.',
  'What this model can and cannot do, measured on texts and sentences kept out of training, and on questions that are said to be part of it or not. It is often wrong: it is not meant to inform anyone.',
)}</header>
${overview(scores)}
${compression.map(compressionSection)}
${grammar ? grammarSection(grammar) : ''}
${curves.filter(({ points }) => points.length > 1).map(curveSection)}
${scores.samples.length ? samplesSection(scores.samples) : ''}
${scores.answers.length ? answersSection(scores.answers) : ''}
${methodSection(scores)}
</main></body></html>
`;
  return page.markup;
}

function figure(task: Pick<Task, 'metric'>, value: number): string {
  return task.metric === 'accuracy' || task.metric === 'share' ? percent(value) : decimal(value);
}

function verdict(task: Task): Html | string {
  const reached = reachesBar(task);
  if (reached === undefined) return '';
  const bar = `${task.better === 'lower' ? '≤' : '≥'} ${figure(task, task.bar!)}`;
  return reached
    ? html`<span class="yes">${bar} ✓ atteint</span>`
    : html`<span class="no">${bar} ✗ manqué</span>`;
}

function taskLabel({ name }: Pick<Task, 'name'>): Html {
  const [fr, en] = [taskName(name, 'fr'), taskName(name, 'en')];
  return label(fr, en === fr ? '' : en);
}

function overview(scores: Scores): Html {
  const rows = scores.tasks.map(
    (task) =>
      html`<tr><th scope="row">${taskLabel(task)}</th><td class="number">${figure(task, task.value)}</td><td class="number">${figure(task, task.low)} – ${figure(task, task.high)}</td><td class="number">${whole(task.n)}</td><td>${verdict(task)}</td></tr>`,
  );
  const skipped = scores.skipped.length
    ? html`<p>Non mesuré <span class="en" lang="en">not measured</span> :</p><ul>${scores.skipped.map(({ name, reason }) => html`<li><code>${name}</code> : ${reason}</li>`)}</ul>`
    : '';
  return html`<section aria-labelledby="figures"><h2 id="figures">${label('Les chiffres', 'the figures')}</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="figures"><table><thead><tr><th scope="col">${label('Mesure', 'measure')}</th><th scope="col" class="number">${label('Valeur', 'value')}</th><th scope="col" class="number">${label('Intervalle à 95 %', '95 % interval')}</th><th scope="col" class="number">n</th><th scope="col">${label('Seuil du projet', 'bar')}</th></tr></thead><tbody>${rows}</tbody></table></div>${skipped}</section>`;
}

function compressionSection(task: Task): Html {
  const sources = Object.entries(task.perSource!);
  const id = task.name;
  const groups = [
    ...(task.peer ? [{ ...task, name: 'ensemble', peer: task.peer }] : []),
    ...sources.map(([name, source]) => ({ ...source, name })),
  ].map(({ name, value, low, high, peer }) => ({
    name,
    bars: [
      { kind: 'model', value, low, high },
      { kind: 'xz', value: peer.xz },
      { kind: 'zstd', value: peer.zstd },
    ],
  }));
  const rows = sources.map(
    ([name, source]) =>
      html`<tr><th scope="row">${name}</th><td class="number">${decimal(source.value)}</td><td class="number">${decimal(source.low)} – ${decimal(source.high)}</td><td class="number">${decimal(source.peer.xz)}</td><td class="number">${decimal(source.peer.zstd)}</td><td class="number">${whole(source.n)}</td><td class="number">${whole(source.bytes)}</td></tr>`,
  );
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${taskLabel(task)}</h2>
${both(
  'Combien de bits il faut au modèle pour écrire un octet d’un texte écarté de l’entraînement : moins, c’est mieux. À côté, deux compresseurs sur exactement le même fichier.',
  'Bits that the model needs to write down one byte of text kept out of training: fewer is better. Beside it, two compressors on exactly the same file.',
)}
<ul class="legend"><li><i class="model"></i>modèle</li><li><i class="xz"></i>xz -9e</li><li><i class="zstd"></i>zstd --ultra -22</li></ul>
${barChart('Bits par octet par source : modèle, xz et zstd', groups)}
<details><summary>${label('Le tableau', 'the table')}</summary><div class="scroll" tabindex="0" role="group" aria-labelledby="${id}"><table><thead><tr><th scope="col">Source</th><th scope="col" class="number">${label('Modèle', 'model')}</th><th scope="col" class="number">95 %</th><th scope="col" class="number">xz</th><th scope="col" class="number">zstd</th><th scope="col" class="number">Documents</th><th scope="col" class="number">${label('Octets', 'bytes')}</th></tr></thead><tbody>${rows}</tbody></table></div></details></section>`;
}

function grammarSection(task: Task): Html {
  const rows = Object.entries(task.perCategory!).map(([category, estimate]) => ({
    name: categoryName(category),
    estimate,
  }));
  return html`<section aria-labelledby="grammar"><h2 id="grammar">${label('Grammaire française', 'French grammar')}</h2>
${both(
  `${task.n} paires de phrases, l’une juste, l’autre fautive en un seul point. Part des paires où le modèle trouve la phrase juste plus probable ; le hasard donne 50 % (pointillé).`,
  `${task.n} pairs of sentences, one right, the other wrong in one place. Share of the pairs where the model finds the right one more probable; chance gives 50 % (dashed).`,
)}
${intervalChart('Part de paires réussies par catégorie, avec intervalle à 95 %', rows, { chance: 0.5 })}</section>`;
}

function curveSection({ name, points }: LossCurve): Html {
  const id = `loss-${name}`;
  const [fr, en] =
    name === 'instruct'
      ? ['Apprentissage des réponses', 'instruction tuning']
      : ['Apprentissage de la langue', 'pretraining'];
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${label(fr, en)}</h2>
${both(
  'La perte, en nats par jeton, au fil des étapes d’entraînement : plus elle est basse, moins le modèle est surpris.',
  'The loss in nats per token along the training steps: the lower, the less surprised the model.',
)}
${lineChart(
  `${fr} : perte par étape`,
  points.map(({ step, loss }) => ({ x: step, y: loss })),
  { xLabel: 'étapes · steps', yLabel: 'perte · loss' },
)}</section>`;
}

function samplesSection(samples: SampleResult[]): Html {
  const items = samples.map(
    ({ prompt, text, language, stopped, tokens }) =>
      html`<li><b>${prompt}</b>${text}<div class="meta">${language || '?'} · ${tokens} jetons${stopped ? ' · fin de document' : ''}</div></li>`,
  );
  return html`<section aria-labelledby="samples"><h2 id="samples">${label('Textes libres', 'samples')}</h2>
${both(
  'Le début en couleur est donné, la suite est tirée au sort par le modèle de base. La langue est reconnue sur la suite seule.',
  'The coloured beginning is given, the rest is drawn from the base model. The language is recognised on the rest alone.',
)}<ul class="samples">${items}</ul></section>`;
}

function answersSection(answers: AnswerResult[]): Html {
  const mark = (yes: boolean) =>
    yes ? html`<span class="yes">oui</span>` : html`<span class="no">non</span>`;
  const rows = answers.map(
    (answer) =>
      html`<tr><th scope="row">${answer.question}</th><td>${answer.answer}</td><td>${answer.expected}</td><td>${mark(answer.correct)}</td><td>${mark(answer.stopped)}</td><td>${answer.set === 'train' ? 'oui' : 'non'}</td></tr>`,
  );
  return html`<section aria-labelledby="answers"><h2 id="answers">${label('Questions et réponses', 'questions and answers')}</h2>
${both(
  'Toutes les réponses, telles quelles. « Entraînée : non » : pays sans question d’entraînement (leur fiche a été lue par le modèle de base). Un modèle de cette taille récite ; sans question d’entraînement, il devine le plus souvent.',
  'All answers as they came. “Trained: no”: countries without a training question (their sheets have been read by the base model). A model of this size recites; without a training question it mostly guesses.',
)}
<div class="scroll" tabindex="0" role="group" aria-labelledby="answers"><table><thead><tr><th scope="col">Question</th><th scope="col">${label('Réponse', 'answer')}</th><th scope="col">${label('Attendu', 'expected')}</th><th scope="col">${label('Juste', 'right')}</th><th scope="col">${label('S’arrête', 'stops')}</th><th scope="col">${label('Entraînée', 'trained')}</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function methodSection({ models, protocol }: Scores): Html {
  const facts = Object.entries(models).map(
    ([role, model]) =>
      html`<dt>${role}</dt><dd>${whole(model.parameters)} paramètres, contexte ${model.contextLength}, ${whole(model.vocabSize)} jetons, SHA-256 <code>${model.sha256}</code></dd>`,
  );
  return html`<section aria-labelledby="method"><h2 id="method">${label('Méthode', 'method')}</h2>
${both(
  `Les documents d’une langue sont joints en un fichier, une ligne vide entre deux ; le modèle code la même suite, fin de document comprise, par fenêtres glissantes de ${protocol.stride} jetons notés une seule fois. Intervalles : bootstrap sur les documents, paires ou questions (${protocol.resamples} tirages, graine ${protocol.seed}).`,
  `The documents of a language are joined into one file, an empty line between two; the model codes the same stream, ends of documents included, in sliding windows of ${protocol.stride} tokens, each scored once. Intervals: bootstrap over documents, pairs or questions (${protocol.resamples} resamples, seed ${protocol.seed}).`,
)}<dl>${facts}</dl></section>`;
}
