import { reachesBar } from '@lucie/evaluation';
import { formatDuration } from '@lucie/ledger';
import type { FileVerification } from '../verification.ts';
import { type RunFacts, totals } from './run-facts.ts';
import { amount, bytesText, energyText, type Language, paragraphs, percent, table } from './text.ts';

/** What a recipe says of its release. */
export interface ReleaseIdentity {
  /** The recipe's name, e.g. `nano`. */
  name: string;
  /** What people call the model, e.g. `LUCIE nano`. */
  title: string;
  /** Licence of the weights, as an SPDX identifier. */
  licence: string;
}

/** The `README.md` of a release: French first, then English; every figure comes from the run. */
export function modelCard(
  identity: ReleaseIdentity,
  facts: RunFacts,
  files: readonly FileVerification[],
): string {
  return paragraphs(
    frontMatter(identity, facts),
    `# ${identity.title}`,
    french(identity, facts, files),
    english(identity, facts, files),
  );
}

function frontMatter(identity: ReleaseIdentity, facts: RunFacts): string {
  return [
    '---',
    `license: ${identity.licence.toLowerCase()}`,
    'language:',
    ...Object.keys(facts.corpus.languages)
      .sort((a, b) => facts.corpus.languages[b]!.share - facts.corpus.languages[a]!.share)
      .map((language) => `  - ${language}`),
    'library_name: transformers',
    'pipeline_tag: text-generation',
    'tags:',
    '  - lucie',
    '  - research',
    `model_name: ${JSON.stringify(identity.title)}`,
    '---',
  ].join('\n');
}

function french(identity: ReleaseIdentity, facts: RunFacts, files: readonly FileVerification[]): string {
  return paragraphs(
    `**Modèle de recherche.** Un petit modèle de langue ouvert, français d'abord, entièrement reconstructible : textes sous licence, code, poids, mesures. Il n'est fait que pour la recherche et l'enseignement de l'intelligence artificielle.`,
    '## Usage prévu',
    `Étudier, démonter et refaire un modèle de langue : voir d'où viennent ses phrases, ce qu'il apprend, ce qu'il rate. Aucune autre porte n'a été passée : il n'est proposé ni comme source de renseignements, ni comme aide aux élèves, ni pour décider de quoi que ce soit.`,
    '## Limites',
    `Avec ${amount(facts.base.parameters, 'fr')} paramètres, il écrit un français souvent lisible, mais rien de ce qu'il affirme n'est fiable. Il invente des faits, des nombres et des références juridiques ; il ne calcule pas ; son contexte est de ${amount(facts.config.max_position_embeddings, 'fr')} tokens. Il a le ton, les sujets et les angles morts des sources ci-dessous. Il n'a reçu aucun alignement de sécurité.`,
    '## Données',
    `${amount(facts.corpus.documents.documents, 'fr')} documents, ${bytesText(facts.corpus.documents.bytes, 'fr')} de texte ; 1 document mis de côté sur ${amount(facts.corpus.documents.documents / facts.corpus.heldOut.documents, 'fr')} environ. Le détail est dans [DATA.md](DATA.md).`,
    dataTable(facts, 'fr'),
    '## Entraînement',
    trainingTable(facts, 'fr'),
    '## Scores',
    `Mesurés sur des textes et des questions que l'entraînement n'a pas vus, sauf mention contraire ; intervalle à 95 % par rééchantillonnage. Tout est dans [scores.json](scores.json).`,
    scoreTable(facts, 'fr'),
    '## Fichiers',
    `Chaque fichier GGUF a été exécuté dans libllama et comparé au modèle d'origine sur des textes mis de côté ([verification.json](verification.json)). Les empreintes sont dans [SHA256SUMS](SHA256SUMS) : \`sha256sum -c SHA256SUMS\`.`,
    fileTable(identity, files, 'fr'),
    '## Pour lui parler',
    `\`\`\`sh\n./lucie chat ${identity.name} --prompt "Bonjour"\n./lucie serve ${identity.name}\n\`\`\``,
    '## Licence et attributions',
    `Les poids sont sous licence ${identity.licence}. Les textes restent sous leurs licences, dont voici les mentions :`,
    attributions(facts),
  ).trimEnd();
}

function english(identity: ReleaseIdentity, facts: RunFacts, files: readonly FileVerification[]): string {
  return paragraphs(
    '---',
    '# English',
    `**Research model.** A small open language model, French first, rebuilt from licensed text with open code. Intended use: research, and teaching how language models work. Nothing else: no gate has been passed for information, tutoring or decisions.`,
    `**Limits.** ${amount(facts.base.parameters, 'en')} parameters write French that is often legible, but nothing it states is reliable. It invents facts, numbers and legal references, cannot calculate, has a context of ${amount(facts.config.max_position_embeddings, 'en')} tokens, has the tone, subjects and blind spots of the sources below, and has had no safety alignment.`,
    '## Data',
    dataTable(facts, 'en'),
    '## Training',
    trainingTable(facts, 'en'),
    '## Scores',
    scoreTable(facts, 'en'),
    '## Files',
    'Each GGUF file was run in libllama and compared with the original model on held-out text.',
    fileTable(identity, files, 'en'),
    `The weights are licensed under ${identity.licence}; the texts keep their licences, with the attributions above.`,
  ).trimEnd();
}

function dataTable(facts: RunFacts, language: Language): string {
  const head = {
    fr: ['Source', 'Part', 'Documents', 'Langues', 'Licences'],
    en: ['Source', 'Share', 'Documents', 'Languages', 'Licences'],
  };
  return table(
    head[language],
    facts.corpus.sources
      .toSorted((a, b) => b.share - a.share)
      .map((source) => [
        source.source,
        percent(source.share, language),
        amount(source.kept.documents, language),
        source.languages.join(', '),
        source.licences.join(', '),
      ]),
  );
}

function trainingTable(facts: RunFacts, language: Language): string {
  const { config, base, instruct } = facts;
  const { seconds, joules, measured } = totals(facts);
  const n = (value: number, digits = 0) => amount(value, language, digits);
  const steps = language === 'fr' ? 'pas' : 'steps';
  const examples = Object.values(instruct.examples).reduce((a, b) => a + b, 0);
  const rows: [fr: string, en: string, value: string][] = [
    ['Paramètres', 'Parameters', n(base.parameters)],
    [
      'Architecture',
      'Architecture',
      `Llama 3.1, ${config.num_hidden_layers} × ${config.hidden_size}, FFN ${config.intermediate_size}, ${config.num_attention_heads}/${config.num_key_value_heads} ${language === 'fr' ? 'têtes' : 'heads'}`,
    ],
    ['Vocabulaire', 'Vocabulary', `${n(config.vocab_size)} (BPE, ${facts.tokenizer.pre_tokenizer})`],
    ['Contexte', 'Context', `${n(config.max_position_embeddings)} tokens`],
    [
      'Tokens vus en pré-entraînement',
      'Tokens seen in pretraining',
      `${n(base.tokens_seen)} (${n(base.steps)} ${steps})`,
    ],
    ['Perte finale', 'Final loss', `${n(base.final_loss, 3)} nats/token`],
    ["Exemples d'instruction", 'Instruction examples', `${n(examples)} (${n(instruct.steps)} ${steps})`],
    ['Durée de toutes les étapes', 'Time of all stages', formatDuration(seconds)],
    [
      measured ? 'Énergie mesurée' : 'Énergie estimée',
      measured ? 'Energy, measured' : 'Energy, estimated',
      energyText(joules, language),
    ],
  ];
  return table(
    ['', ''],
    rows.map(([fr, en, value]) => [language === 'fr' ? fr : en, value]),
  );
}

function scoreTable(facts: RunFacts, language: Language): string {
  const head = {
    fr: ['Mesure', 'Valeur', 'Intervalle', 'xz', 'Exigé', 'Atteint'],
    en: ['Measure', 'Value', 'Interval', 'xz', 'Bar', 'Met'],
  };
  const yesNo = { fr: ['oui', 'non'], en: ['yes', 'no'] }[language];
  const n = (value: number) => amount(value, language, 3);
  return table(
    head[language],
    facts.scores.tasks.map((task) => {
      const met = reachesBar(task);
      return [
        `${task.name} (${task.model})`,
        n(task.value),
        `${n(task.low)} – ${n(task.high)}`,
        task.peer ? n(task.peer.xz) : '',
        task.bar === null ? '' : `${task.better === 'lower' ? '≤' : '≥'} ${n(task.bar)}`,
        met === undefined ? '' : met ? yesNo[0]! : yesNo[1]!,
      ];
    }),
  );
}

function fileTable(
  identity: ReleaseIdentity,
  files: readonly FileVerification[],
  language: Language,
): string {
  const head = {
    fr: ['Fichier', 'Accord top 1', 'KL (nats/token)', 'Bits/octet', 'Original', 'Tokens comparés'],
    en: ['File', 'Top-1 agreement', 'KL (nats/token)', 'Bits/byte', 'Original', 'Tokens compared'],
  };
  const n = (value: number, digits: number) => amount(value, language, digits);
  return table(
    head[language],
    files.map((file) => [
      `${identity.name}-${file.format}.gguf`,
      percentFine(file.top1Agreement, language),
      n(file.meanKl, 6),
      n(file.bitsPerByte, 4),
      n(file.originalBitsPerByte, 4),
      n(file.tokens, 0),
    ]),
  );
}

function percentFine(share: number, language: Language): string {
  return `${amount(100 * share, language, 3)} %`;
}

function attributions(facts: RunFacts): string {
  return facts.corpus.sources
    .map((source) => {
      const licences = source.licences.map((id) => facts.corpus.licences[id]?.name ?? id).join(' ; ');
      const page = source.homepage ? ` — ${source.homepage}` : '';
      return `- **${source.source}** : ${source.attribution || source.source}${page}. ${licences}.`;
    })
    .join('\n');
}
