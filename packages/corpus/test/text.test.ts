import { Random } from '@lucie/ledger';
import { describe, expect, test } from 'vitest';
import { decodeEntities } from '../src/text/entities.ts';
import { htmlToText } from '../src/text/html-to-text.ts';
import { markdownToText } from '../src/text/markdown-to-text.ts';
import { tidyLine } from '../src/text/text-blocks.ts';

describe('htmlToText', () => {
  test.each([
    ['<p>Un</p><p>Deux</p>', 'Un\n\nDeux'],
    ['<h2>Titre</h2>texte', 'Titre\n\ntexte'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    [
      'Liste :<ul><li>un<ul><li>deux</li></ul></li><li><p>trois</p></li></ul>fin',
      'Liste :\n- un\n  - deux\n- trois\n\nfin',
    ],
    ['<table><tr><td>a</td><td></td><td>b</td></tr><tr><td></td></tr></table>', 'a | | b'],
    ['1<sup>er</sup> m<sup>2</sup> CO<sub>2</sub>', '1er m² CO₂'],
    ['a &lt; b &amp;&nbsp;c &eacute;&#233;&#xe9; &inconnu;', 'a < b &\u00a0c ééé &inconnu;'],
    ['<a title="a > b">lien</a> 3 < 4 et 5 > 4', 'lien 3 < 4 et 5 > 4'],
    ['<script>var x = "<p>non</p>";</script>oui<!-- non -->', 'oui'],
    ['« Bonjour\u00a0! »\n  dit\u202f:', '« Bonjour\u00a0! » dit\u202f:'],
    ['<p>ouvert <b>et jamais', 'ouvert et jamais'],
  ])('%j', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test('any soup of marks gives text without tags, and never an error', () => {
    const random = new Random(1, 'html');
    const parts = [
      '<p>',
      '</p>',
      '<ul>',
      '</ul>',
      '<li>',
      '<td>',
      '</tr>',
      '<tr>',
      '<br',
      '>',
      '"',
      "='",
      '&',
      ';',
      '&#',
      'été',
      ' ',
      '\u00a0',
      '<',
      '</',
      '<!--',
      '-->',
      '<script>',
      '<sup>',
    ];
    for (let i = 0; i < 2000; i++) {
      const html = Array.from({ length: random.below(30) }, () => parts[random.below(parts.length)]).join('');
      const text = htmlToText(html);
      expect(text).not.toMatch(/<\/?(p|ul|li|td|tr)>/);
      expect(text).not.toMatch(/\n{3}|^\s|[ \t]\n/);
    }
  });
});

test('entities: impossible code points become the replacement character', () => {
  expect(decodeEntities('&#0;&#xD800;&#x110000;&#1114111;')).toBe('\ufffd\ufffd\ufffd\u{10ffff}');
});

test.each([
  // The old names need no `;`, the others do; the longest counts, and an address has none.
  ['caf&eacute, na&iumlve &copy 2020 &AMP;&amp&lt', 'café, naïve © 2020 &&<'],
  ['&notin; &notit; &hellip &check;', '∉ ¬it; &hellip ✓'],
  ['?a=1&copy=2&lang=fr&b', '?a=1&copy=2&lang=fr&b'],
  ['&lsaquo;&rsaquo; &alpha;&Omega;&thetasym; &zwj; &Dagger; &Eacute;', '‹› αΩϑ \u200d ‡ É'],
  // Windows-1252, whatever the notation; 129 is nothing there.
  ['l&#146;homme &#x85; &#128;&#150&#0151;&#129;', 'l’homme … €–—\u0081'],
  ['&#99999999999;', '\ufffd'],
])('entities as browsers read them: %j', (html, text) => {
  expect(decodeEntities(html)).toBe(text);
});

test('tidyLine keeps no-break spaces inside, drops what nobody sees', () => {
  expect(tidyLine(' \u00a0a \n\t b\u00a0:\u200b c\u0000\u00ad \u202f')).toBe('a b\u00a0: c');
  expect(tidyLine('Bundes\u00adregierung a \u00ad b l\u0092homme\u0085oui\u0081')).toBe(
    'Bundesregierung a b l’homme oui',
  );
});

test.each([
  ['# Titre\n\nDu **gras**, de l’*italique*, `code`.', 'Titre\n\nDu gras, de l’italique, code.'],
  ['Choix :\n\n- un\n\n- deux\n  1. trois', 'Choix :\n- un\n- deux\n  1. trois'],
  ['[lien](https://x.org/a_b) et ![image](y.png)2 * 3 * 4', 'lien et 2 * 3 * 4'],
  ['ne peut **pas être inférieur à deux mois **en tout', 'ne peut pas être inférieur à deux mois en tout'],
  ['un_mot_lié et _souligné_ &amp; <b>gras</b>', 'un_mot_lié et souligné & gras'],
  ['a\n\n```sh\n# *x*\n  `y` <b>\n```\n\n**b**', 'a\n\n# *x*\n  `y` <b>\n\nb'],
  ['~~~~\n~~~\n*a*\n~~~~\n*b*', '~~~\n*a*\nb'],
  ['Titre\n=====\n\n====\n\na', 'Titre\n\n====\n\na'],
])('markdownToText %j', (markdown, text) => {
  expect(markdownToText(markdown)).toBe(text);
});

test.each(['[', '![', '**a ', '__a ', '_a ', '`', '<a ', '[a]('])(
  'a long line of %j takes no more than its share',
  (part) => {
    const line = part.repeat(200_000 / part.length);
    expect(markdownToText(line).length).toBeLessThanOrEqual(line.length);
  },
);
