import { afterEach, describe, expect, test, vi } from 'vitest';
import { readHtmlPage } from '../src/sources/files/html/html-page.ts';
import { attribute, scanTags } from '../src/sources/files/html/scan-tags.ts';
import * as blocks from '../src/text/html-to-text.ts';
import { openFolder, responseRecord, sentence, warcBytes } from './make-files.ts';
import { readSource } from './source-conformance.ts';

vi.mock('../src/text/html-to-text.ts', { spy: true });
afterEach(() => {
  vi.mocked(blocks.htmlToText).mockReset();
});

const body = (html: string) => readHtmlPage(`<html><body>${html}</body></html>`);
const long = sentence(1);

describe('pages that are made to break', () => {
  test('lists in lists without end are set in no further than three steps', () => {
    const { text } = readHtmlPage('<ul><li>x'.repeat(24_000));
    expect(text.length).toBeLessThan(10 * 24_000);
    expect(text.split('\n').slice(0, 6)).toEqual(['- x', '  - x', '    - x', ...Array(3).fill('      - x')]);
  });

  test('what breaks one page is a complaint, in HTML files and in WARC files', async () => {
    vi.mocked(blocks.htmlToText).mockImplementation((html) => {
      if (html.includes('numéro 2')) throw new RangeError('Invalid string length');
      return html.replace(/<[^>]*>/g, '');
    });
    const page = (n: number) => `<p>${sentence(n)}</p>`;
    const { documents, complaints } = await readSource(
      openFolder({
        'a.html': page(1),
        'b.html': page(2),
        'c.html': page(3),
        'd.warc': warcBytes(
          [4, 2, 5].map((n) => responseRecord({ url: `https://site.example/${n}`, body: page(n) })),
        ),
      }),
    );
    expect(documents.map(({ text }) => text)).toEqual([1, 3, 4, 5].map(sentence));
    expect(complaints.map(({ why }) => why)).toEqual(
      Array(2).fill('cannot be read as HTML: Invalid string length'),
    );
  });

  // Each of these took the square of its length: minutes for a megabyte.
  test.each([
    ['tags in quotes, no end', (n: number) => '<a x="<a" x="<a" '.repeat(n / 17)],
    ['tags in quotes, a quoted end', (n: number) => `${'<a x="<a" '.repeat(n / 10)}x=">"`],
    ['tags in quotes up to another tag', (n: number) => `${'<a x="<a" '.repeat(n / 10)}<p>fin</p>`],
    ['forms', (n: number) => '<form>x</form>'.repeat(n / 14)],
    ['forms in forms', (n: number) => `${'<form>x'.repeat(n / 14)}${'</form>'.repeat(n / 14)}`],
    ['drawings', (n: number) => '<svg/>x'.repeat(n / 7)],
  ])('a megabyte of %s', (_, make) => {
    const html = make(1_000_000);
    expect(readHtmlPage(html).text.length).toBeLessThanOrEqual(html.length);
  });

  test('a tag that was looked for in vain is text; those behind it are read', () => {
    expect(scanTags('<a x="<b" <p>oui</p>').tags.map(({ name }) => name)).toEqual(['p', 'p']);
    expect(scanTags('<a x="<b>" y="<c>">oui').tags).toMatchObject([
      { name: 'a', attributes: ' x="<b>" y="<c>"' },
    ]);
    // A quote that nothing closes further on says nothing of those before it.
    expect(scanTags(`<a x="<b" y="<c" '="<p title="1 > 0">oui</p>`).tags.at(-1)).toMatchObject({
      closing: true,
    });
  });
});

describe('forms', () => {
  test('one that holds most of the text is the page; others go', () => {
    expect(
      body(
        `<form id="aspnetForm" method="post"><nav>menu</nav><h1>Titre</h1><p>${long}</p><form>chercher</form></form>`,
      ).text,
    ).toBe(`Titre\n\n${long}`);
    expect(body(`<p>${long}</p><form>${sentence(2)}</form><p>${sentence(3)}</p>`).text).toBe(
      `${long}\n\n${sentence(3)}`,
    );
    expect(body(`<form><main><p>${long}</p></main><div>après</div></form>`).text).toBe(long);
  });

  test('its text is counted without what is left out anyway', () => {
    expect(body(`<form><nav>${long} ${long}</nav>champ</form><p>${long}</p>`).text).toBe(long);
  });
});

describe('attributes', () => {
  const of = (attributes: string, name: string) => attribute(scanTags(`<p ${attributes}>`).tags[0]!, name);

  test.each([
    ['title="the hidden truth"', 'hidden', undefined],
    ['class="visible hidden sm:block"', 'hidden', undefined],
    ["title='a role=banner b'", 'role', undefined],
    ['content="The name of it" name="author"', 'name', 'author'],
    ['hidden', 'hidden', ''],
    ['HIDDEN=""', 'hidden', ''],
    ['a=b hidden/', 'hidden', ''],
    ['data-hidden="1"', 'hidden', undefined],
    ['name=date content=2019-03-04', 'content', '2019-03-04'],
    ['role = "main"', 'role', 'main'],
    ["role='main' role='banner'", 'role', 'main'],
    ['title="l\'été" role="main"', 'role', 'main'],
    ['href=/a/b?c=d role=main', 'href', '/a/b?c=d'],
  ])('%s: %s is %j', (attributes, name, value) => {
    expect(of(attributes, name)).toBe(value);
  });

  test('text is not hidden by words in quotes, an author is found behind them', () => {
    const page = readHtmlPage(
      `<head><meta content="Le nom de Jean" name="author"><meta name=date content=2019-03-04></head><main><p>début</p><div class="visible hidden sm:block"><p>${long}</p></div><div title="the hidden truth"><p>Deux.</p></div></main>`,
    );
    expect(page).toMatchObject({
      text: `début\n\n${long}\n\nDeux.`,
      author: 'Le nom de Jean',
      date: '2019-03-04',
    });
  });
});

test('a drawing that ends in its own tag hides nothing behind it', () => {
  const html = `<p>avant</p><svg width="1"/><p>${long}</p><svg><path/>x</svg><math/><p>après</p>`;
  expect(body(html).text).toBe(`avant\n\n${long}\n\naprès`);
  expect(blocks.htmlToText(html)).toBe(`avant\n\n${long}\n\naprès`);
});

test('characters as browsers read them', () => {
  expect(
    body('<p>l&#146;homme qu&#x92;il &#133; c&oelig;ur &#150; caf&eacute, na&iumlve &copy 2020</p>').text,
  ).toBe('l’homme qu’il … cœur – café, naïve © 2020');
  expect(body('<p>Die Donau&shy;dampf&shy;schiff\u00adfahrt</p>').text).toBe('Die Donaudampfschifffahrt');
});
