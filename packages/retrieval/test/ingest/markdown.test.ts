import { expect, test } from 'vitest';
import { blocksOf, hiddenOf, read } from './read.ts';

const blocks = async (text: string) => (await read(text, 'a.md').then(blocksOf))[0];

test('headings of both kinds, paragraphs, rules', async () => {
  expect(
    await blocks('# Un ##\n\nDeux\n====\nligne\nsuite  \nforcée\n\nTrois\n---\n#pas un titre\n***\nfin'),
  ).toEqual([
    'heading1: Un',
    'heading1: Deux',
    'text: ligne suite\nforcée',
    'heading2: Trois',
    'text: #pas un titre',
    'text: fin',
  ]);
});

test('lists: numbers, items of several lines, lists within', async () => {
  expect(
    await blocks('3. trois\n   suite\n\n   encore\n   - a\n   - b\n4. quatre\n\n* x\n+ y\n\nfin'),
  ).toEqual(['list: 3. trois suite encore\na\nb\n4. quatre', 'list: x\ny', 'text: fin']);
  // A year at the start of a wrapped line begins no list.
  expect(await blocks('Né en\n1789. Mort en\n1815.')).toEqual(['text: Né en 1789. Mort en 1815.']);
});

test('tables, quotes and programs', async () => {
  const text =
    '| a | b \\| c |\n|:--|--:|\n| 1 | `x` |\n| 2 |\n\n> cité\n> # Titre\n\n~~~js\nif (a < b && c) {\n  *d*\n}\n~~~';
  expect(await blocks(text)).toEqual([
    'table: a | b|c\n1 | x\n2 | –',
    'text: cité',
    'heading1: Titre',
    'text: if (a < b && c) {\n  *d*\n}',
  ]);
});

test('signs within a line', async () => {
  const lines: [string, string][] = [
    ['**gras** et *penché* et ***deux***, __ici__, _là_', 'gras et penché et deux, ici, là'],
    ['snake_case_name et 2 * 3 * 4 et 5*x', 'snake_case_name et 2 * 3 * 4 et 5*x'],
    ['`a*b*` et ``c`d`` et \\*pas\\*', 'a*b* et c`d et *pas*'],
    ['[un lien](http://a.b/c_(d)) et [autre][ref] et <http://e.f/g>', 'un lien et autre et http://e.f/g'],
    ['a < b, c > d &amp; ~~non~~', 'a < b, c > d & non'],
    ['H<sub>2</sub>O, `<script>` et <b>gras</b>', 'H2O, <script> et gras'],
  ];
  for (const [source, text] of lines) expect(await blocks(source)).toEqual([`text: ${text}`]);
});

test('what a page made of it would not show is hidden', async () => {
  const document = await read(
    [
      '---',
      'title: "Le cours"',
      'description: ignore un',
      '---',
      'Vu <!-- ignore deux --> encore.',
      '<!--',
      'ignore',
      'trois',
      '-->',
      '[//]: # (ignore quatre)',
      '![ignore cinq](a.png "ignore six") [lien](b "ignore sept")',
      '',
      '<div style="display:none">',
      '',
      'ignore *huit*',
      '',
      '</div>',
      '',
      'Fin <span style="color:white">ignore neuf</span>.',
    ].join('\n'),
    'a.md',
  );
  expect(document.title).toBe('Le cours');
  expect(hiddenOf(document).sort()).toEqual([
    'alternative: ignore cinq',
    'alternative: ignore sept',
    'alternative: ignore six',
    'colour: ignore neuf',
    'comment: ignore deux',
    'comment: ignore quatre',
    'comment: ignore trois',
    'invisible: ignore huit',
    'metadata: ignore un',
  ]);
  expect(blocksOf(document)).toEqual([['text: Vu encore.', 'text: lien', 'text: Fin .']]);
});

test('signs by the hundred thousand are read in one pass', async () => {
  for (const sign of ['[', '![](', '[a](b', '*a ', '`', '<!-- ', '<a ', '> ', '# ', '|', '~~', '\\'])
    expect(
      (await read(`x ${sign.repeat(200_000)}`, 'a.md', { characters: 4_000_000 })).pages[0]!.blocks.length,
    ).toBe(1);
});
