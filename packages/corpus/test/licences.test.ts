import { describe, expect, test } from 'vitest';
import { licenceRank, licences, parseLicence, uses } from '../src/licences.ts';

describe('licences', () => {
  test.each([
    // SPDX identifiers, today's and old, and expressions (SPDX specification 2.3, annex D).
    ['MIT', 'MIT'],
    ['mit', 'MIT'],
    ['GPL-2.0', 'GPL-2.0-only'],
    ['GPL-2.0+', 'GPL-2.0-or-later'],
    ['odc-by-1.0', 'ODC-By-1.0'],
    ['MIT OR Apache-2.0', 'MIT'],
    ['(MIT OR CC0-1.0)', 'CC0-1.0'],
    ['MIT AND GPL-3.0-or-later', 'GPL-3.0-or-later'],
    ['(MIT AND GPL-2.0-only) OR BSD-3-Clause', 'BSD-3-Clause'],
    ['MIT AND (GPL-2.0-only OR BSD-3-Clause)', 'MIT'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-2.0-only'],
    ['GPL-2.0-only WITH Classpath-exception-2.0 OR MIT', 'MIT'],
    // Debian's machine-readable copyright format 1.0, short names.
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPL-3', 'GPL-3.0-only'],
    ['LGPL-2.1+', 'LGPL-2.1-or-later'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['GFDL-1.2+', 'GFDL-1.2-or-later'],
    ['Expat', 'MIT'],
    ['Artistic or GPL-1+', 'Artistic-1.0-Perl'],
    ['GPL-2+ or CC-BY-SA-3.0', 'GPL-2.0-or-later'],
    ['GPL-2+, and MIT', 'GPL-2.0-or-later'],
    ['public-domain', 'LicenseRef-public-domain'],
    ['PSF-2', 'PSF-2.0'],
    // npm's old way, and the hub's tags.
    ['MIT/Apache-2.0', 'MIT'],
    ['cc-by-sa-4.0', 'CC-BY-SA-4.0'],
    ['CC BY-NC-SA 4.0', 'CC-BY-NC-SA-4.0'],
    ['CC0', 'CC0-1.0'],
    ['GPL v2 or later', 'GPL-2.0-or-later'],
    ['https://creativecommons.org/licenses/by-sa/4.0/deed.fr', 'CC-BY-SA-4.0'],
    ['http://creativecommons.org/publicdomain/zero/1.0/', 'CC0-1.0'],
  ])('%s is %s', (text, id) => {
    expect(parseLicence(text)).toBe(id);
  });

  test.each([
    '',
    'Proprietary',
    'constructor',
    'MIT AND Proprietary',
    'MIT AND',
    '(MIT',
    'MIT)',
    'GPL-9+',
    // Share-alike without non-commercial beside non-commercial without share-alike: neither id says both.
    'CC-BY-SA-4.0 AND CC-BY-NC-4.0',
  ])('%j is refused', (text) => {
    expect(parseLicence(text)).toBeUndefined();
  });

  test('of alternatives the known one is taken', () => {
    expect(parseLicence('Proprietary OR GPL-2+')).toBe('GPL-2.0-or-later');
  });

  test('every id stands for itself, with a name, an address and a finite rank', () => {
    for (const [id, licence] of Object.entries(licences)) {
      expect(parseLicence(id), id).toBe(id);
      expect(licence.name, id).not.toBe('');
      expect(new URL(licence.url).protocol, id).toMatch(/^https?:$/);
      expect(licenceRank(id), id).toBeLessThan(64);
    }
  });

  test('the freest comes first', () => {
    const order = [
      'CC0-1.0',
      'MIT',
      'CC-BY-SA-4.0',
      'CC-BY-ND-4.0',
      'CC-BY-NC-4.0',
      'CC-BY-NC-SA-4.0',
      'LicenseRef-Common-Crawl',
      'LicenseRef-ROOTS',
      'LicenseRef-all-rights-reserved',
      'no such licence',
    ];
    const ranks = order.map(licenceRank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(order.length);
    expect(licenceRank('toString')).toBe(Number.POSITIVE_INFINITY);
  });

  test('freedoms of well-known licences', () => {
    // Creative Commons' own summaries ("deeds") and the GNU project's list of licences.
    const allowed = (use: keyof typeof uses) =>
      ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC-BY-ND-4.0', 'GPL-2.0-or-later'].filter(
        (id) => uses[use](licences[id]!),
      );
    expect(allowed('commercial')).toEqual([
      'CC0-1.0',
      'CC-BY-4.0',
      'CC-BY-SA-4.0',
      'CC-BY-ND-4.0',
      'GPL-2.0-or-later',
    ]);
    expect(allowed('attribution-free')).toEqual(['CC0-1.0']);
    expect(allowed('no-share-alike')).toEqual(['CC0-1.0', 'CC-BY-4.0', 'CC-BY-NC-4.0', 'CC-BY-ND-4.0']);
    expect(allowed('modify')).toEqual([
      'CC0-1.0',
      'CC-BY-4.0',
      'CC-BY-SA-4.0',
      'CC-BY-NC-4.0',
      'GPL-2.0-or-later',
    ]);
    expect(allowed('open')).toEqual(['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'GPL-2.0-or-later']);
    expect(uses.redistribute(licences['LicenseRef-Common-Crawl']!)).toBe(false);
  });
});
