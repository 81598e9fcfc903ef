import { licences } from './table.ts';

/** Other names in use, in lower case with `-` for spaces: Debian's short names, the hub's tags, SPDX's old ids. */
const others: Readonly<Record<string, string>> = {
  expat: 'MIT',
  x11: 'MIT',
  'apache-2': 'Apache-2.0',
  apache2: 'Apache-2.0',
  bsd: 'BSD-3-Clause',
  'bsd-2': 'BSD-2-Clause',
  'bsd-3': 'BSD-3-Clause',
  'bsd-4': 'BSD-4-Clause',
  artistic: 'Artistic-1.0-Perl',
  'artistic-1': 'Artistic-1.0-Perl',
  'artistic-2': 'Artistic-2.0',
  cc0: 'CC0-1.0',
  'cc-0': 'CC0-1.0',
  'cc-zero': 'CC0-1.0',
  gfdl: 'GFDL-1.3-or-later',
  pddl: 'PDDL-1.0',
  odbl: 'ODbL-1.0',
  'odc-by': 'ODC-By-1.0',
  psf: 'PSF-2.0',
  'psf-2': 'PSF-2.0',
  'python-2.0': 'PSF-2.0',
  python: 'PSF-2.0',
  'mpl-2': 'MPL-2.0',
  lppl: 'LPPL-1.3c',
  'lppl-1.3': 'LPPL-1.3c',
  'lppl-1.3+': 'LPPL-1.3c',
  'lppl-1.3c+': 'LPPL-1.3c',
  'lgpl-lr': 'LGPLLR',
  'public-domain': 'LicenseRef-public-domain',
  pd: 'LicenseRef-public-domain',
  'w3c-software': 'W3C',
  'licence-ouverte-2.0': 'etalab-2.0',
  'lo-2.0': 'etalab-2.0',
  'licence-ouverte-1.0': 'LicenseRef-Etalab-1.0',
  'lo-1.0': 'LicenseRef-Etalab-1.0',
  'eupl-1.2+': 'EUPL-1.2',
};

const ids = new Map(Object.keys(licences).map((id) => [id.toLowerCase(), id]));

/** `GPL-2+`, `LGPL-2.1`, `GFDL-NIV-1.3+`, `gpl-3.0`: the GNU licences as Debian and old SPDX ids write them. */
const GNU = /^(?:gnu-)?(a?gpl|lgpl|gfdl|fdl)(-niv)?-?v?(\d)(?:\.(\d))?(?:\.0)?(-niv)?(\+|-or-later|-only)?$/;

/** The id in `licences` that one name stands for, however it is written; undefined where it is none of them. */
export function licenceNamed(name: string): string | undefined {
  const key = name
    .trim()
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/^cc(?=by)/, 'cc-')
    .replace(/-(international|unported|generic|licen[sc]e)$/, '')
    .replace(/^cc0?-(?=1\.0)/, 'cc0-');
  const known = ids.get(key) ?? (Object.hasOwn(others, key) ? others[key] : undefined);
  if (known) return known;
  const gnu = GNU.exec(key);
  if (!gnu) return undefined;
  const family = gnu[1] === 'fdl' ? 'gfdl' : gnu[1]!;
  const middle = gnu[2] || gnu[5] ? '-no-invariants' : '';
  const ending = gnu[6] === '+' || gnu[6] === '-or-later' ? '-or-later' : '-only';
  return ids.get(`${family}-${gnu[3]}.${gnu[4] ?? '0'}${middle}${ending}`);
}
