import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Draft, Entry } from '../src/sources/adapter.ts';
import { dictionary } from '../src/sources/kinds/dictionary.ts';
import { docbookManual } from '../src/sources/kinds/docbook-manual.ts';
import { fortunes, readableFortune } from '../src/sources/kinds/fortunes.ts';
import { gettextMessages, readableMessage } from '../src/sources/kinds/gettext-messages.ts';
import { htmlManual } from '../src/sources/kinds/html-manual.ts';
import type { Kind } from '../src/sources/kinds/kind.ts';
import { manPages } from '../src/sources/kinds/man-pages.ts';
import { books } from '../src/sources/kinds/plain-text.ts';
import { sourceCode } from '../src/sources/kinds/source-code.ts';
import { swordBible } from '../src/sources/kinds/sword-bible.ts';
import { wesnothCampaign } from '../src/sources/kinds/wesnoth-campaign.ts';
import { readMessages } from '../src/text/gettext.ts';
import { htmlToText } from '../src/text/html-to-text.ts';
import { manToText } from '../src/text/man-to-text.ts';
import { ownLanguage } from '../src/text/own-language.ts';
import { makeMo } from './make-mo.ts';

const modified = new Date('2021-05-04T00:00:00Z');

/** Reads made files with a kind, in the order given. */
async function read(kind: Kind, files: Record<string, string | Uint8Array>) {
  async function* entries(): AsyncGenerator<Entry> {
    for (const [path, content] of Object.entries(files)) {
      if (!kind.wants(path)) continue;
      const bytes = Buffer.from(content);
      const text = new TextDecoder('utf-8', { fatal: true });
      yield {
        path,
        bytes,
        modified,
        get text() {
          try {
            return text.decode(bytes);
          } catch {
            return undefined;
          }
        },
      };
    }
  }
  const complaints: string[] = [];
  const drafts: Draft[] = [];
  for await (const draft of kind.read(entries(), (key, why) => complaints.push(`${key}: ${why}`)))
    drafts.push(draft);
  return { drafts, complaints };
}

const ENGLISH =
  'This paragraph has never been translated by anyone, and therefore it stands here in English.';
const FRENCH =
  'Ce paragraphe a été traduit depuis longtemps, et il se lit donc en français comme il se doit.';

describe('HTML with options', () => {
  const html =
    '<div class="navheader"><div>menu</div></div><div id="main"><h1>T</h1><p>a</p><div class="toc"><div>b</div></div><p>c</p></div><p>after</p>';

  test('only the part asked for, without the elements to skip, whatever is nested in them', () => {
    expect(htmlToText(html, { only: /id="main"/, skip: /class="toc"/ })).toBe('T\n\na\n\nc');
    expect(htmlToText(html, { skip: /class="(toc|navheader)"/ })).toBe('T\n\na\n\nc\n\nafter');
    expect(htmlToText(html, { only: /id="nosuch"/ })).toContain('after');
  });

  test('an empty element takes nothing with it, one that is never closed takes the rest', () => {
    expect(htmlToText('<a class="x"/>a<p>b</p>', { skip: /class="x"/ })).toBe('a\n\nb');
    expect(htmlToText('<img class="x">a', { skip: /class="x"/ })).toBe('a');
    expect(htmlToText('a<div class="x">b<div>c</div>', { skip: /class="x"/ })).toBe('a');
  });

  test('program text keeps its lines where that is asked for', () => {
    const code = '<p>Voici&nbsp;:</p><pre class="c">\n<span>if</span> (a &lt; b)\n    c();\n</pre><p>fin</p>';
    expect(htmlToText(code, { preformatted: true })).toBe('Voici\u00a0:\n\nif (a < b)\n    c();\n\nfin');
    expect(htmlToText(code)).toBe('Voici\u00a0:\n\nif (a < b) c();\n\nfin');
  });
});

describe('own language', () => {
  test('paragraphs and list items in another language go, short ones and the rest stay', () => {
    const text = `Titre\n\n${FRENCH}\n\n${ENGLISH}\n\n- ${FRENCH}\n- ${ENGLISH}\n- ok\n\n${FRENCH}`;
    expect(ownLanguage(text, 'fr')).toBe(`Titre\n\n${FRENCH}\n\n- ${FRENCH}\n- ok\n\n${FRENCH}`);
  });

  test('a text mostly in another language comes back whole, for the rule on languages', () => {
    const text = `${FRENCH}\n\n${ENGLISH}\n\n${ENGLISH}\n\n${ENGLISH}`;
    expect(ownLanguage(text, 'fr')).toBe(text);
    expect(ownLanguage(FRENCH, 'fr')).toBe(FRENCH);
  });
});

test('an HTML manual: headings without numbers, furniture out, a page to a document', async () => {
  const kind = htmlManual({ files: /^doc\/(?<key>[a-z]+)\.html$/, language: 'fr', without: /^Index$/ });
  const { drafts, complaints } = await read(kind, {
    'doc/a.html': `<title>4.4. Découpage</title><body><div class="navheader">Précédent</div><h3>4.4. Découpage¶</h3><div class="toc">4.4.1</div><p>${FRENCH}</p><h4>4.4.1. Emploi</h4><p>Un mot.</p>`,
    'doc/b.html': `<title>Guide - Serveur Version 2.4</title><h1>Guide</h1><p>${FRENCH}</p>`,
    'doc/c.html': '<title>Index</title><h1>Index</h1><p>a, b</p>',
    'doc/d.html': '<title>Vide</title><h1>Vide</h1>',
    'doc/e.html': new Uint8Array([0xff, 0xff]),
    'doc/f.txt': 'no page',
  });
  expect(drafts.map(({ key, title }) => [key, title])).toEqual([
    ['a', 'Découpage'],
    ['b', 'Guide'],
  ]);
  expect(drafts[0]!.text).toBe(`${FRENCH}\n\nEmploi\n\nUn mot.`);
  expect(drafts[0]!.date).toBe('2021-05-04');
  expect(complaints).toEqual(['doc/e.html: not UTF-8']);
});

test('a page that holds a whole book is cut where its chapters begin', async () => {
  const kind = htmlManual({ files: /\.html$/, language: 'fr', cut: /<h2 / });
  const { drafts } = await read(kind, {
    'a.html': `<title>Livre</title><p>${FRENCH}</p><h2 id="1">1. Un</h2><p>Le premier.</p><h2 id="2">2. Deux</h2><p>Le second.</p>`,
  });
  expect(drafts.map(({ key, title, text }) => [key, title, text])).toEqual([
    ['a/1', 'Livre', FRENCH],
    ['a/2', 'Un', 'Le premier.'],
    ['a/3', 'Deux', 'Le second.'],
  ]);
});

test('Mallard and DocBook: structure, entities, links by the title of their page; facts are left out', async () => {
  const kind = docbookManual({
    files: /^help\/(?<key>\w+\/\w+)\.(page|docbook)$/,
    language: (path) => (path.startsWith('help/fr/') ? 'fr' : undefined),
  });
  const { drafts } = await read(kind, {
    'help/fr/a.page': `<?xml version="1.0"?><page id="a"><info><credit><name>Jean</name></credit><desc>non</desc></info><title>Réseau</title><p>Voir <link xref="b"/>.</p><steps><item><p>Un</p></item><item><p>Deux</p></item></steps></page>`,
    'help/fr/b.page':
      '<page id="b"><info><title type="link">Autre</title></info><title>Sans <em>fil</em></title><p>Texte.</p></page>',
    'help/fr/c.docbook': `<!DOCTYPE book [<!ENTITY x "y">]><chapter><title\n>Signets</title\n><para\n>Avec &kate; et &Ctrl;, &lt;ici&gt;, <menuchoice><guimenu>Aide</guimenu><guimenuitem>Index</guimenuitem> </menuchoice>.</para><screen>a\n  b</screen><indexterm><primary>non</primary></indexterm></chapter>`,
    'help/it/a.page': '<page id="a"><title>No</title><p>No.</p></page>',
  });
  expect(drafts.map(({ key, title, text }) => [key, title, text])).toEqual([
    ['fr/a', 'Réseau', 'Voir Sans fil.\n\n- Un\n- Deux'],
    ['fr/b', 'Sans fil', 'Texte.'],
    ['fr/c', 'Signets', 'Avec Kate et Ctrl, <ici>, Aide → Index.\n\na\n  b'],
  ]);
});

describe('manual pages', () => {
  const page = String.raw`.\" a comment
.TH LS 1 "5 février 2023" "GNU coreutils" "Commandes"
.SH NOM
ls \- Afficher le contenu d'un répertoire
.SH DESCRIPTION
Affiche \fBtout\fP ce qu'il y a\ : «\ fichiers\ »,
sauf \(lqcachés\(rq.
.TP
\fB\-a\fP, \fB\-\-all\fP
ne rien cacher
.IP \(bu 2
un point
.BR cat (1),
.B "deux mots"
fin.
.nf
  for i in *; do
    echo "\e$i"
  done
.fi
.TS
l l.
Nom	Sens
a	un
.TE
.so_is_not_a_request
`;

  test('text, terms, lists, program text and tables; no macros, no fonts', () => {
    expect(manToText(page)).toEqual({
      title: 'LS',
      section: '1',
      date: '5 février 2023',
      text: [
        'NOM',
        '',
        "ls - Afficher le contenu d'un répertoire",
        '',
        'DESCRIPTION',
        '',
        "Affiche tout ce qu'il y a\u00a0: «\u00a0fichiers\u00a0», sauf “cachés”.",
        '',
        '-a, --all',
        'ne rien cacher',
        '',
        '- un point cat(1), deux mots fin.',
        '',
        '  for i in *; do',
        '    echo "\\$i"',
        '  done',
        '',
        'Nom | Sens',
        'a | un',
      ].join('\n'),
    });
  });

  test('a page that only points elsewhere, one of mdoc, one without a head are no pages', () => {
    expect(manToText('.so man1/ls.1')).toBeUndefined();
    expect(manToText('.Dd 2020\n.Dt LS 1\n.Sh NAME')).toBeUndefined();
    expect(manToText('just text')).toBeUndefined();
  });

  test('the year of a page in any wording is its date; what cannot be unpacked is a complaint', async () => {
    const { drafts, complaints } = await read(manPages({ under: 'usr/share/man/fr', language: 'fr' }), {
      'usr/share/man/fr/man1/ls.1.gz': gzipSync(page),
      'usr/share/man/fr/man1/dir.1.gz': gzipSync('.so man1/ls.1'),
      'usr/share/man/fr/man1/bad.1.gz': Buffer.from('not gzip'),
      'usr/share/man/de/man1/ls.1.gz': gzipSync(page),
    });
    expect(drafts.map(({ key, title, date }) => [key, title, date])).toEqual([
      ['man1/ls.1', 'LS(1)', '2023'],
    ]);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/bad\.1\.gz: cannot be unpacked/);
  });
});

describe('gettext', () => {
  test('long translated messages are documents; short, untranslated, other languages are not', async () => {
    const long = 'Une phrase assez longue pour se lire seule.';
    const kind = gettextMessages({
      files: /locale\/(?<language>\w+)\/(?<domain>\w+)\.mo$/,
      languages: ['fr'],
      minimum: 30,
    });
    const { drafts, complaints } = await read(kind, {
      'locale/fr/a.mo': makeMo({
        'A long sentence.': long,
        OK: 'Oui',
        'Not translated, but rather long indeed.': 'Not translated, but rather long indeed.',
      }),
      'locale/pl/a.mo': makeMo({ 'A long sentence.': long }),
      'locale/fr/b.mo': Buffer.from('no catalogue'),
    });
    expect(drafts.map(({ text, language }) => [text, language])).toEqual([[long, 'fr']]);
    expect(drafts[0]!.key).toMatch(/^a\/fr\/[0-9a-f]{16}$/);
    expect(complaints[0]).toMatch(/^locale\/fr\/b\.mo: not a \.mo file/);
  });

  test('tables in either order of bytes; what points outside the file is refused', () => {
    const file = makeMo({ Hello: 'Bonjour', World: 'Monde' });
    expect([...readMessages(file)]).toEqual([
      ['Hello', 'Bonjour'],
      ['World', 'Monde'],
    ]);
    const swapped = Buffer.from(file);
    swapped.subarray(0, 28 + 16 * 3).swap32();
    expect(readMessages(swapped)).toEqual(readMessages(file));
    expect(() => readMessages(file.subarray(0, file.length - 4))).toThrow('beyond its end');
    expect(() => readMessages(Buffer.alloc(40))).toThrow('magic');
  });

  test('a message loses context and tags, keeps paragraphs and items', () => {
    expect(
      readableMessage('female^<b>Reine</b> des\nelfes &amp; nains.\n\nElle a :\n- un arc,\n- un cheval.'),
    ).toBe('Reine des elfes & nains.\n\nElle a :\n- un arc,\n- un cheval.');
  });

  test('a campaign is told in the order of its scripts, in every language that has most of it', async () => {
    const script = `#textdomain x
[scenario]
    name= _ "The Ford"
    [story]
        [part]
            story= _ "Once upon a time."
        [/part]
    [/story]
    [message]
        speaker=Konrad
        message= _ "He said ""go""."
    [/message]
    # message= _ "Not this one."
    [message]
        speaker=narrator
        message= _ "Rain fell."
    [/message]
    [message]
        speaker=unit
        message= _ "Zzz."
    [/message]
[/scenario]`;
    const french = {
      'The Ford': 'Le gué',
      'Once upon a time.': 'Il était une fois.',
      'He said "go".': 'Il dit « va ».',
      'Rain fell.': 'Il pleuvait.',
    };
    const { drafts } = await read(wesnothCampaign(['fr', 'de', 'en']), {
      'data/campaigns/X/scenarios/1.cfg': script,
      'usr/locale/de/LC_MESSAGES/wesnoth-x.mo': makeMo({ 'Rain fell.': 'Es regnete.' }),
      'usr/locale/fr/LC_MESSAGES/wesnoth-x.mo': makeMo(french),
    });
    expect(drafts.map(({ key, title, text }) => [key, title, text])).toEqual([
      ['X/1/fr', 'Le gué', 'Il était une fois.\n\nKonrad\u00a0: Il dit « va ».\n\nIl pleuvait.'],
      ['X/1/en', 'The Ford', 'Once upon a time.\n\nKonrad: He said "go".\n\nRain fell.\n\nZzz.'],
    ]);
  });
});

test('sayings: some to a document, prose runs on, verse does not, names have a dash', async () => {
  const files = { 'f/es/a': 'Uno.\n%\nDos.\n\t\t-- Nadie\n%\nTres.\n', 'f/es/a.dat': 'x', 'f/es/off': 'no' };
  const { drafts } = await read(
    fortunes({ files: /^f\/es\//, without: /off$/, language: 'es', together: 2 }),
    files,
  );
  expect(drafts.map(({ key, text }) => [key, text])).toEqual([
    ['a/1', 'Uno.\n\nDos.\n— Nadie'],
    ['a/2', 'Tres.'],
  ]);
  const prose = 'Dies ist eine Zeile, die bis an den rechten Rand des Blattes geht,\nund hier endet sie.';
  expect(readableFortune(prose)).toBe(prose.replace('\n', ' '));
  expect(readableFortune('Rosen rot\nVeilchen blau')).toBe('Rosen rot\nVeilchen blau');
  expect(readableFortune('u\b_nter')).toBe('_nter');
});

test('a dictionary: a document per definition, dated by its last line, synonyms once', async () => {
  const first =
    'byte\n\n   <unit> Eight {bits},\n   mostly, and for as long as anybody can remember.\n\n   (1996-03-10)\n';
  const second = 'word\n\n   Two or more.\n';
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const code = (value: number) => (value < 64 ? digits[value]! : digits[value >> 6]! + digits[value & 63]!);
  const at = (from: number, length: number) => `${code(from)}\t${code(length)}`;
  const index = `00-database-info\t${at(0, 5)}\nbyte\t${at(0, first.length)}\noctet\t${at(0, first.length)}\nword\t${at(first.length, second.length)}\n`;
  const files = { 'usr/share/dictd/x.dict.dz': gzipSync(first + second), 'usr/share/dictd/x.index': index };
  const { drafts, complaints } = await read(dictionary({ language: 'en' }), files);
  expect(complaints).toEqual([]);
  expect(drafts.map(({ title, text, date }) => [title, text, date])).toEqual([
    ['byte', 'Eight bits, mostly, and for as long as anybody can remember.', '1996-03-10'],
    ['word', 'Two or more.', '2021-05-04'],
  ]);
  const { complaints: alone } = await read(dictionary({ language: 'en' }), {
    'usr/share/dictd/x.index': index,
  });
  expect(alone).toHaveLength(1);
});

test('a Bible of SWORD: verses from compressed blocks, a chapter to a document', async () => {
  const verses = ['', '', '<title>T</title>Uno <note>n</note>.', '¿ Dos ?', '', 'Tres'];
  const block = Buffer.from(verses.join(''));
  const packed = deflateSync(block);
  const bzs = Buffer.alloc(12);
  bzs.writeUInt32LE(0, 0);
  bzs.writeUInt32LE(packed.length, 4);
  bzs.writeUInt32LE(block.length, 8);
  const bzv = Buffer.alloc(10 * verses.length);
  let from = 0;
  for (const [index, verse] of verses.entries()) {
    bzv.writeUInt32LE(from, index * 10 + 4);
    bzv.writeUInt16LE(Buffer.byteLength(verse), index * 10 + 8);
    from += Buffer.byteLength(verse);
  }
  const folder = 'usr/share/sword/modules/texts/ztext/x';
  const files = { [`${folder}/nt.bzs`]: bzs, [`${folder}/nt.bzv`]: bzv, [`${folder}/nt.bzz`]: packed };
  const { drafts, complaints } = await read(swordBible({ language: 'es', date: '1909', title: '' }), files);
  expect(drafts.map(({ key, text }) => [key, text])).toEqual([
    ['nt/1', 'Uno.\n¿Dos?'],
    ['nt/2', 'Tres'],
  ]);
  expect(complaints).toEqual(['ot: a file of this part is missing']);
  packed.fill(0);
  const broken = await read(swordBible({ language: 'es', date: '1909', title: '' }), files);
  expect(broken.drafts).toEqual([]);
  expect(broken.complaints).toContain('nt/block 0: cannot be unpacked');
});

test('program text: what somebody wrote, in the language of its package', async () => {
  const written = 'package a\n\nfunc A() int {\n\treturn 1\n}\n';
  const { drafts } = await read(sourceCode({ files: /\.go$/, without: /vendor/, language: 'go' }), {
    'a.go': written,
    'vendor/b.go': written,
    'generated.go': `// Code generated by x. DO NOT EDIT.\n${written}`,
    'table.go': `var a = []int{${'1, '.repeat(500)}}\n`,
    'long.go': written.repeat(10_000),
  });
  expect(drafts).toHaveLength(1);
  expect(drafts[0]).toMatchObject({ key: 'a.go', title: '', text: written, language: 'code:go' });
});

test('a book: a document per chapter, lines running on', async () => {
  const body = 'word '.repeat(60);
  const kind = books([
    { file: 'b.txt', title: 'B', author: 'A', language: 'en', date: '1851', chapter: /^CHAPTER \d+/ },
  ]);
  const { drafts } = await read(kind, {
    'b.txt': `Notes.\r\n\r\nCHAPTER 1\r\n\r\nOne\r\n${body}\r\n\r\nCHAPTER 2\r\n\r\n${body}`,
  });
  expect(drafts.map(({ key, text }) => [key, text.slice(0, 18)])).toEqual([
    ['b/1', 'CHAPTER 1\n\nOne wor'],
    ['b/2', 'CHAPTER 2\n\nword wo'],
  ]);
  expect(drafts[0]!.extra).toEqual({ author: 'A' });
});
