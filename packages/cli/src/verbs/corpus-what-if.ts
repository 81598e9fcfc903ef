import { join } from 'node:path';
import {
  bytesText,
  type Change,
  estimateText,
  figureText,
  languageName,
  licences,
  type Measure,
  percentText,
  readReport,
  reportFiles,
  type Use,
  uses,
  type WhatIf,
  type Wish,
  whatIf,
} from '@lucie/corpus';
import { Command, Option } from 'commander';
import { numberIn } from '../options/number-in.ts';
import { stageDir } from '../stage-dir.ts';
import { plainSpaces, textTable } from '../text-table.ts';

interface WhatIfOptions {
  licence?: Use[];
  without?: string[];
  language?: string[];
  sinceYear?: number;
  untilYear?: number;
  json?: boolean;
}

const EXAMPLES = `
Uses: commercial; attribution-free (no source need be named); no-share-alike; redistribute (the text itself may be
passed on); modify (also changed); open (all of commercial, redistribute and modify). A reading, no legal advice.

Examples:
  ./lucie corpus what-if nano --licence commercial
  ./lucie corpus what-if nano --licence no-share-alike --without world-countries --since-year 2015`;

const year = numberIn(1, 9999, { whole: true });

/** `lucie corpus what-if RECIPE --licence USE [--without SOURCE] [--language fr] [--since-year Y] [--until-year Y]` */
export function corpusWhatIfVerb(): Command {
  return new Command('what-if')
    .description('what would be left of a corpus if texts had to allow a use, or sources were left out')
    .argument('<recipe>', 'a recipe whose corpus has been made')
    .addOption(new Option('--licence <use...>', 'every licence has to allow this').choices(Object.keys(uses)))
    .option('--without <source...>', 'leave out a source')
    .option('--language <language...>', 'only this language: fr, or code for every programming language')
    .option('--since-year <year>', 'only documents of this year or later', year)
    .option('--until-year <year>', 'only documents of this year or earlier', year)
    .option('--json', 'end with one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(ask);
}

async function ask(recipe: string, options: WhatIfOptions): Promise<void> {
  const report = await readReport(join(await stageDir(recipe, 'corpus'), reportFiles.json));
  const { licence, without, language, sinceYear, untilYear } = options;
  const result = whatIf(report, {
    ...(licence ? { uses: licence } : {}),
    ...(without ? { without } : {}),
    ...(language ? { languages: language } : {}),
    ...(sinceYear === undefined ? {} : { sinceYear }),
    ...(untilYear === undefined ? {} : { untilYear }),
  });
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${describe(recipe, result)}\n`);
}

function describe(recipe: string, result: WhatIf): string {
  const { before, after, heldOutBefore, heldOutAfter } = result;
  const wish = `${recipe} with ${describeWish(result.wish)}`;
  if (result.fallen.length === 0 && heldOutAfter === heldOutBefore) {
    const all = `${count(after.documents)} documents to train on, ${bytesText(after.bytes, 'en')}`;
    return `${wish}\n\nNothing falls away: ${plainSpaces(all)}, about ${plainSpaces(tokens(after.tokens))} tokens (an estimate).`;
  }
  const percent = (share: number) => percentText(share, 'en');
  return [
    wish,
    '',
    ...textTable(
      ['', 'now', 'then', 'left'],
      [
        [
          'documents to train on',
          count(before.documents),
          count(after.documents),
          left(before, after, 'documents'),
        ],
        ['text', bytesText(before.bytes, 'en'), bytesText(after.bytes, 'en'), left(before, after, 'bytes')],
        ['tokens', tokens(before.tokens), tokens(after.tokens), left(before, after, 'tokens')],
        [
          'tokens times epochs',
          tokens(before.trainedTokens),
          tokens(after.trainedTokens),
          left(before, after, 'trainedTokens'),
        ],
        [
          'documents held out',
          count(heldOutBefore),
          count(heldOutAfter),
          heldOutBefore === 0 ? '-' : percent(heldOutAfter / heldOutBefore),
        ],
      ],
    ),
    '',
    ...changes('Sources', result.sources, (name) => name),
    ...changes('Languages', result.languages, (code) => languageName(code, 'en')),
    ...fallen(result),
    'Tokens are an estimate from the bytes. Epochs stay as they are; duplicates are not decided anew.',
  ].join('\n');
}

/** Those that lose something; the others in one line. */
function changes(title: string, all: readonly Change[], name: (key: string) => string): string[] {
  const losers = all.filter(({ before, after }) => after.documents < before.documents);
  if (losers.length === 0) return [];
  const others = all.length - losers.length;
  return [
    title,
    ...textTable(
      ['', 'tokens now', 'then', 'left', 'of training now', 'then'],
      losers.map((change) => [
        name(change.name),
        tokens(change.before.tokens),
        tokens(change.after.tokens),
        left(change.before, change.after, 'bytes'),
        percentText(change.shareBefore, 'en'),
        percentText(change.shareAfter, 'en'),
      ]),
    ),
    ...(others === 0 ? [] : [`  ${others} ${others === 1 ? 'other' : 'others'}: unchanged`]),
    '',
  ];
}

function fallen({ fallen }: WhatIf): string[] {
  if (fallen.length === 0) return ['Of the documents to train on none falls away.'];
  const name = ({ reason, what }: WhatIf['fallen'][number]) => {
    if (reason === 'licence') return `licence ${what} (${licences[what]?.name ?? 'unknown'})`;
    return `${reason} ${what}`;
  };
  return [
    'What falls away',
    ...textTable(
      ['', 'documents', 'text', 'tokens'],
      fallen.map((one) => [
        name(one),
        count(one.lost.documents),
        bytesText(one.lost.bytes, 'en'),
        tokens(one.lost.tokens),
      ]),
    ),
    '',
  ];
}

function describeWish({ uses = [], without = [], languages = [], sinceYear, untilYear }: Wish): string {
  const parts = [
    ...(uses.length > 0 ? [`licences that allow: ${uses.join(', ')}`] : []),
    ...(without.length > 0 ? [`without ${without.join(', ')}`] : []),
    ...(languages.length > 0 ? [`only ${languages.join(', ')}`] : []),
    ...(sinceYear === undefined ? [] : [`only from ${sinceYear} on`]),
    ...(untilYear === undefined ? [] : [`only up to ${untilYear}`]),
  ];
  return parts.length > 0
    ? parts.join('; ')
    : 'nothing changed (name --licence, --without, --language or years)';
}

function left(before: Measure, after: Measure, of: keyof Measure): string {
  return before[of] === 0 ? '-' : percentText(after[of] / before[of], 'en');
}

const count = (value: number) => figureText(value, 'en');
const tokens = (value: number) => estimateText(value, 'en');
