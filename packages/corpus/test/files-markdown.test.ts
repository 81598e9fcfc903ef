import { expect, test } from 'vitest';
import { openFolder, sentence } from './make-files.ts';
import { readSource } from './source-conformance.ts';

const text = sentence(1);

/** What is read of a Markdown file. */
async function read(markdown: string) {
  const { documents, complaints } = await readSource(openFolder({ 'a.md': markdown }, { date: '1999' }));
  expect(complaints).toEqual([]);
  const [{ title, text, date, extra }] = documents as [(typeof documents)[0]];
  return { title, text, date, ...(JSON.parse(extra) as object) };
}

const bare = { title: '', text, date: '1999' };

test.each([
  ['plain text', text, bare],
  ['a title', `# Le titre\n\n${text}\n`, { ...bare, title: 'Le titre' }],
  ['Windows line ends', `# Le titre\r\n\r\n${text}\r\n`, { ...bare, title: 'Le titre' }],
  ['a mark of order and empty lines', `\ufeff\n \n# Le titre #\n${text}`, { ...bare, title: 'Le titre' }],
  ['a line below the title', `\nLe titre\n========\n${text}`, { ...bare, title: 'Le titre' }],
  ['marks in the title', `# Le **titre** en [C#](x)\n${text}`, { ...bare, title: 'Le titre en C#' }],
  ['a word behind a sign is no title', `#titre\n\n${text}`, { ...bare, text: `#titre\n\n${text}` }],
  ['a second heading is text', `## Titre\n\n${text}`, { ...bare, text: `Titre\n\n${text}` }],
  [
    'marks of all kinds',
    `Du **gras**, un [lien](https://x.example/a_b).\n\n* un\n* deux\n\n\`\`\`\n# code\n\`\`\``,
    { ...bare, text: 'Du gras, un lien.\n\n- un\n- deux\n\n# code' },
  ],
])('%s', async (_, markdown, found) => {
  expect(await read(markdown)).toEqual(found);
});

const head = (lines: string) => `---\n${lines}\n---\n\n${text}`;

test.each([
  [
    'title, date, author',
    head('title: Mon titre\ndate: 2020-01-02T10:00:00Z\nauthor: Jean\nlayout: post'),
    { title: 'Mon titre', text, date: '2020-01-02', author: 'Jean' },
  ],
  [
    'quotes, comments, lists, Windows line ends',
    head(
      'Title: "Un : \\"titre\\""   # oui\nauthors:\n  - \'L\'\'auteur\'\n  - B # non\ndate: 2020-01 # peu sûr',
    ).replaceAll('\n', '\r\n'),
    { title: 'Un : "titre"', text, date: '2020-01', author: "L'auteur, B" },
  ],
  ['a list in one line', head('author: [A, "B"]'), { ...bare, author: 'A, B' }],
  ['a date that is none', head('date: hier soir'), bare],
  ['a field of a field is none', head('photo:\n  title: x'), bare],
  ['another end', `---\ntitle: T\n...\n${text}`, { ...bare, title: 'T' }],
  [
    'a heading that is not its title is text',
    `---\ntitle: T\n---\n# Autre\n\n${text}`,
    { ...bare, title: 'T', text: `Autre\n\n${text}` },
  ],
  ['a heading that repeats its title is none', `---\ntitle: T\n---\n# T\n\n${text}`, { ...bare, title: 'T' }],
])('a head: %s', async (_, markdown, found) => {
  expect(await read(markdown)).toEqual(found);
});

test.each([
  ['between two rules', `---\nIl dit : oui.\n---\n${text}`],
  ['behind a rule', `---\ntitle: jamais fini\n\n${text}`],
  ['between two rules with nothing between them', `---\n---\n${text}`],
])('no head: text %s', async (_, markdown) => {
  expect(await read(markdown)).toEqual({ ...bare, text: markdown });
});
