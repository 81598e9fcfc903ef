import { expect, test } from 'vitest';
import { StyleSheet } from '../../src/ingest/html/css.ts';
import { cssColour } from '../../src/ingest/html/css-colour.ts';
import { blocksOf, hiddenOf, read } from './read.ts';

const page = (body: string, head = '') =>
  `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`;

test('structure: headings, paragraphs, lists in lists, definitions, programs', async () => {
  const document = await read(
    page(`<nav>Accueil</nav><h1>L’<em>eau</em></h1>Elle<br>coule <b>ici</b> &amp; là.<p>m<sup>2</sup>, XIX<sup>e</sup>
      <ol start="3"><li>trois<ul><li>a</li><li><p>b</p></li></ul><li value="7">sept</ol>
      <dl><dt>Onde</dt><dd>ce qui se propage</dd></dl>
      <pre>si x :\n    dire(x)</pre><script>non()</script><style>p{margin:0}</style>`),
  );
  expect(blocksOf(document)).toEqual([
    [
      'text: Accueil',
      'heading1: L’eau',
      'text: Elle\ncoule ici & là.',
      'text: m², XIXe',
      'list: 3. trois\na\nb\n7. sept',
      'list: Onde : ce qui se propage',
      'text: si x :\n    dire(x)',
    ],
  ]);
  expect(document.hidden).toEqual([]);
});

test('tables are rows, frames are not tables', async () => {
  const table = `<table><caption>Relevés</caption><thead><tr><th>Ville<th>Mai</thead>
    <tr><td rowspan=2>Lyon<td>12<tr><td><ul><li>a<li>b</ul></table>`;
  expect(blocksOf(await read(page(table)))).toEqual([
    ['text: Relevés', 'table: Ville | Mai\nLyon | 12\nLyon | a b'],
  ]);
  const frame = page(`<table><tr><td><h2>Menu</h2><p>un<td>${table}</table><table><tr><td>seul</table>`);
  expect(blocksOf(await read(frame))).toEqual([
    [
      'heading2: Menu',
      'text: un',
      'text: Relevés',
      'table: Ville | Mai\nLyon | 12\nLyon | a b',
      'text: seul',
    ],
  ]);
});

test.each([
  ['hidden attribute', '<p hidden>X</p>', 'invisible'],
  ['display', '<div style="DISPLAY : none !important"><p style="display:block">X</p></div>', 'invisible'],
  ['visibility', '<p style="visibility:hidden">X</p>', 'invisible'],
  ['opacity', '<p style="opacity:0.01">X</p>', 'invisible'],
  ['template', '<template><p>X</p></template>', 'invisible'],
  ['noscript', '<noscript><p>X</p></noscript>', 'invisible'],
  ['hidden field', '<input type="HIDDEN" value="X">', 'invisible'],
  ['white', '<p style="color:#fff">X</p>', 'colour'],
  ['nearly white', '<p style="color:rgb(250, 250, 250)">X</p>', 'colour'],
  ['old white', '<font color="white">X</font>', 'colour'],
  ['transparent', '<p style="color: rgba(0,0,0,0)">X</p>', 'colour'],
  ['dark on dark', '<div style="background:#102030"><p style="color:#112233">X</p></div>', 'colour'],
  [
    'white on see-through',
    '<div style="background:transparent"><p style="color:white">X</p></div>',
    'colour',
  ],
  ['no size', '<p style="font-size:0">X</p>', 'size'],
  ['one point', '<p style="font-size:1pt">X</p>', 'size'],
  ['a hundredth', '<p style="font-size:2em"><b style="font-size:5%">X</b></p>', 'size'],
  ['no height', '<p style="height:0;overflow:hidden">X</p>', 'size'],
  ['off the page', '<p style="position:absolute;left:-9999px">X</p>', 'off-page'],
  ['indented away', '<p style="text-indent:-100em">X</p>', 'off-page'],
  [
    'a class',
    '<style>/* */ @media print{a{color:red}} .k, i.z { color: WHITE }</style><p class="j k">X</p>',
    'colour',
  ],
  ['an id', '<style>@media screen { #s { display: none } }</style><p id=s>X</p>', 'invisible'],
  ['comment', '<!-- X -->', 'comment'],
  ['picture', '<img src="a.png" alt="X">', 'alternative'],
  ['title of a link', '<a title="X" href="#"></a>', 'alternative'],
  ['drawing', '<svg><title>X</title></svg>', 'alternative'],
])('what nobody sees is hidden: %s', async (_, markup, why) => {
  const document = await read(page(`<p>Vu.</p>${markup}<p>Vu aussi.</p>`));
  expect(hiddenOf(document)).toEqual([`${why}: X`]);
  expect(blocksOf(document)).toEqual([['text: Vu.', 'text: Vu aussi.']]);
});

test.each([
  ['white on dark', '<div style="background-color:navy"><p style="color:white">X</p></div>'],
  ['white on a picture', '<div style="background:url(a.png)"><p style="color:white">X</p></div>'],
  ['dark again in white', '<div style="color:white"><p style="color:black">X</p></div>'],
  ['visible in invisible', '<div style="visibility:hidden"><p style="visibility:visible">X</p></div>'],
  ['large in nothing', '<div style="font-size:0"><p style="font-size:12px">X</p></div>'],
  [
    'white head of a dark row',
    '<table><tr style="background:#333;color:#fff"><td>X</td><td>Y</td></tr></table>',
  ],
  ['a rule for paper', '<style>@media print { p { display: none } }</style><p>X</p>'],
])('what people see is not hidden: %s', async (_, markup) => {
  const document = await read(page(markup));
  expect(document.hidden).toEqual([]);
  expect(JSON.stringify(blocksOf(document))).toContain('X');
});

test('descriptions of the page are hidden text, and nothing is fetched', async () => {
  const head =
    '<title>Cours</title><meta name=Description content="ignore tout"><link rel=stylesheet href="http://localhost:1/a">';
  const document = await read(
    page('<p>a</p><iframe src="http://localhost:1/b">dedans</iframe><img src="http://localhost:1/c">', head),
  );
  expect(document.title).toBe('Cours');
  expect(hiddenOf(document)).toEqual(['metadata: ignore tout']);
  expect(blocksOf(document)).toEqual([['text: a']]);
  expect(document.warnings).toHaveLength(2);
});

test('the encoding that a page declares is used when it is not UTF-8', async () => {
  const bytes = Buffer.concat([
    Buffer.from('<html><meta charset="iso-8859-15"><p>'),
    Buffer.from([0xe9, 0xa4]),
  ]);
  expect(blocksOf(await read(bytes))).toEqual([['text: é€']]);
});

test('depth has an end', async () => {
  expect(blocksOf(await read(page(`${'<div>'.repeat(900)}a`)))).toEqual([['text: a']]);
  await expect(read(page('<div>'.repeat(1100)))).rejects.toMatchObject({ code: 'DOCUMENT_BROKEN' });
});

test('colours and rules of style sheets', () => {
  expect(cssColour(' #F0a ')).toEqual([255, 0, 170]);
  expect(cssColour('rgb(100% 0% 50% / 1)')).toEqual([255, 0, 127.5]);
  expect(cssColour('hsl(240, 100%, 50%)')).toEqual([0, 0, 255]);
  expect(cssColour('#ffffff08')).toBe('transparent');
  expect(cssColour('var(--x)')).toBeUndefined();
  const sheet = new StyleSheet();
  sheet.add('p{color:red;font-size:1px} .a{color:blue}#b{color:lime} p > a {color:white} @font-face{x:y}');
  expect([...sheet.for('p', 'z a', 'b')]).toEqual([
    ['color', 'lime'],
    ['font-size', '1px'],
  ]);
});

test('menus of a web site are left out and said; a nav that was never closed is none', async () => {
  const menu = '<ul><li><a href="/">Accueil</a><li><a href="/c">Contact</a></ul>';
  const page = await read(
    `<!doctype html><body><nav>${menu}</nav><div role="navigation">${menu}</div><p>La lave coule. <a href="x">Suite</a></p>`,
    'a.html',
  );
  expect(blocksOf(page)).toEqual([['text: La lave coule. Suite']]);
  expect(page.warnings).toEqual(['Menus de navigation : laissés de côté.']);
  const open = await read(
    `<!doctype html><body><nav>${menu}<p>La lave coule sur la pente du volcan.</p>`,
    'a.html',
  );
  expect(blocksOf(open)[0]).toContain('text: La lave coule sur la pente du volcan.');
  expect(open.warnings).toEqual([]);
});
