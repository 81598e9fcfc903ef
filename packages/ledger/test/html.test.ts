import { describe, expect, it } from 'vitest';
import { escapeHtml, html } from '../src/html.ts';

describe('escapeHtml', () => {
  it('leaves no markup, no control character and no lone surrogate', () => {
    expect(escapeHtml(`<a href="x">'&'</a>\n\t`)).toBe(
      '&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;\n\t',
    );
    expect(escapeHtml('a\u0000\u009f\ud800b')).toBe('a\uFFFD\uFFFD\uFFFDb');
  });

  it('is applied once to text and not at all to markup', () => {
    const inner = html`<i>${'a & b'}</i>`;
    expect(html`<p>${[inner, ' < ', 1]}</p>`.markup).toBe('<p><i>a &amp; b</i> &lt; 1</p>');
  });
});
