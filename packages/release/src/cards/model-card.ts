import { languageName } from '@lucie/corpus';
import type { FileVerification } from '../verification.ts';
import { attributionList } from './attribution.ts';
import { fileNotes, fileTable } from './file-table.ts';
import { limits } from './limits.ts';
import type { RunFacts } from './run-facts.ts';
import { scoreNotes, scoreTable } from './score-table.ts';
import { amount, type Language, paragraphs, percent, table } from './text.ts';
import { textAvailable } from './text-available.ts';
import { trainingTable } from './training-table.ts';
import { usage } from './usage.ts';

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
    ...languageTags(facts).map((language) => `  - ${language}`),
    'library_name: transformers',
    'pipeline_tag: text-generation',
    'tags:',
    '  - lucie',
    '  - research',
    `model_name: ${JSON.stringify(identity.title)}`,
    '---',
  ].join('\n');
}

/** As the hub wants them: ISO 639-1, `code` for any programming language, both of a pair; most text first. */
function languageTags({ corpus }: RunFacts): string[] {
  const codes = Object.entries(corpus.languages)
    .sort((a, b) => b[1].share - a[1].share)
    .flatMap(([code]) => (code.startsWith('code:') ? ['code'] : code.split(/[-,]/)));
  return [...new Set(codes)];
}

function french(identity: ReleaseIdentity, facts: RunFacts, files: readonly FileVerification[]): string {
  return paragraphs(
    `**Modèle de recherche.** Un petit modèle de langue ouvert, français d'abord, entièrement reconstructible : textes sous licence, code, poids, mesures. Il n'est fait que pour la recherche et l'enseignement de l'intelligence artificielle.`,
    '## Usage prévu',
    `Étudier, démonter et refaire un modèle de langue : voir d'où viennent ses phrases, ce qu'il apprend, ce qu'il rate. Aucune autre porte n'a été passée : il n'est proposé ni comme source de renseignements, ni comme aide aux élèves, ni pour décider de quoi que ce soit.`,
    '## Limites',
    limits(facts, 'fr'),
    '## Données',
    `${textAvailable(facts, 'fr')} Le détail est dans [DATA.md](DATA.md).`,
    dataTable(facts, 'fr'),
    '## Entraînement',
    trainingTable(identity.name, facts, 'fr'),
    '## Scores',
    scoreNotes('fr'),
    scoreTable(facts, 'fr'),
    '## Fichiers',
    fileNotes('fr'),
    fileTable(identity.name, files, 'fr'),
    '## Pour lui parler',
    usage(identity.name, 'fr'),
    '## Licence et attributions',
    `Les poids sont sous licence ${identity.licence}. Les textes restent sous leurs licences, dont voici les mentions :`,
    attributionList(facts, 'fr'),
  ).trimEnd();
}

function english(identity: ReleaseIdentity, facts: RunFacts, files: readonly FileVerification[]): string {
  return paragraphs(
    '---',
    '# English',
    `**Research model.** A small open language model, French first, rebuilt from licensed text with open code. Intended use: research, and teaching how language models work. Nothing else: no gate has been passed for information, tutoring or decisions.`,
    '## Limits',
    limits(facts, 'en'),
    '## Data',
    `${textAvailable(facts, 'en')} Details are in [DATA.md](DATA.md).`,
    dataTable(facts, 'en'),
    '## Training',
    trainingTable(identity.name, facts, 'en'),
    '## Scores',
    scoreNotes('en'),
    scoreTable(facts, 'en'),
    '## Files',
    fileNotes('en'),
    fileTable(identity.name, files, 'en'),
    '## To talk to it',
    usage(identity.name, 'en'),
    '## Licence and attributions',
    `The weights are licensed under ${identity.licence}. The texts keep their licences, with these attributions:`,
    attributionList(facts, 'en'),
  ).trimEnd();
}

function dataTable(facts: RunFacts, language: Language): string {
  const head = {
    fr: ['Source', 'Part du texte', 'Documents', 'Langues', 'Licences'],
    en: ['Source', 'Share of text', 'Documents', 'Languages', 'Licences'],
  };
  return table(
    head[language],
    facts.corpus.sources
      .toSorted((a, b) => b.share - a.share)
      .map((source) => [
        source.source,
        percent(source.share, language),
        amount(source.kept.documents, language),
        source.languages.map((code) => languageName(code, language)).join(', '),
        source.licences.join(', '),
      ]),
  );
}
