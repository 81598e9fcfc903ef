import { copyleft, family, type Licence } from './licence.ts';

const gnu = 'https://www.gnu.org/licenses';

/**
 * What is made from the text and passed on carries the same licence. Whether the weights of a model are such a work
 * is argued about; we read it so that the published text must carry the licence and the weights need not, and keep
 * the flag so that anyone who reads it otherwise can leave these texts out (`corpus what-if --licence no-share-alike`).
 */
export const copyleftLicences: Record<string, Licence> = family(copyleft, {
  'CC-BY-SA-2.0': [
    'Creative Commons Attribution Share Alike 2.0 Generic',
    'https://creativecommons.org/licenses/by-sa/2.0/',
  ],
  'CC-BY-SA-2.5': [
    'Creative Commons Attribution Share Alike 2.5 Generic',
    'https://creativecommons.org/licenses/by-sa/2.5/',
  ],
  'CC-BY-SA-3.0': [
    'Creative Commons Attribution Share Alike 3.0 Unported',
    'https://creativecommons.org/licenses/by-sa/3.0/',
  ],
  'CC-BY-SA-4.0': [
    'Creative Commons Attribution Share Alike 4.0 International',
    'https://creativecommons.org/licenses/by-sa/4.0/',
  ],
  'ODbL-1.0': [
    'Open Data Commons Open Database License 1.0',
    'https://opendatacommons.org/licenses/odbl/1-0/',
  ],
  'GPL-1.0-or-later': ['GNU General Public License v1.0 or later', `${gnu}/old-licenses/gpl-1.0.html`],
  'GPL-2.0-only': ['GNU General Public License v2.0 only', `${gnu}/old-licenses/gpl-2.0.html`],
  'GPL-2.0-or-later': ['GNU General Public License v2.0 or later', `${gnu}/old-licenses/gpl-2.0.html`],
  'GPL-3.0-only': ['GNU General Public License v3.0 only', `${gnu}/gpl-3.0.html`],
  'GPL-3.0-or-later': ['GNU General Public License v3.0 or later', `${gnu}/gpl-3.0.html`],
  'LGPL-2.0-only': ['GNU Library General Public License v2 only', `${gnu}/old-licenses/lgpl-2.0.html`],
  'LGPL-2.0-or-later': [
    'GNU Library General Public License v2 or later',
    `${gnu}/old-licenses/lgpl-2.0.html`,
  ],
  'LGPL-2.1-only': ['GNU Lesser General Public License v2.1 only', `${gnu}/old-licenses/lgpl-2.1.html`],
  'LGPL-2.1-or-later': [
    'GNU Lesser General Public License v2.1 or later',
    `${gnu}/old-licenses/lgpl-2.1.html`,
  ],
  'LGPL-3.0-only': ['GNU Lesser General Public License v3.0 only', `${gnu}/lgpl-3.0.html`],
  'LGPL-3.0-or-later': ['GNU Lesser General Public License v3.0 or later', `${gnu}/lgpl-3.0.html`],
  LGPLLR: ['Lesser General Public License For Linguistic Resources', 'https://spdx.org/licenses/LGPLLR.html'],
  'AGPL-3.0-only': ['GNU Affero General Public License v3.0 only', `${gnu}/agpl-3.0.html`],
  'AGPL-3.0-or-later': ['GNU Affero General Public License v3.0 or later', `${gnu}/agpl-3.0.html`],
  'GFDL-1.1-only': ['GNU Free Documentation License v1.1 only', `${gnu}/old-licenses/fdl-1.1.html`],
  'GFDL-1.1-or-later': ['GNU Free Documentation License v1.1 or later', `${gnu}/old-licenses/fdl-1.1.html`],
  'GFDL-1.2-only': ['GNU Free Documentation License v1.2 only', `${gnu}/old-licenses/fdl-1.2.html`],
  'GFDL-1.2-or-later': ['GNU Free Documentation License v1.2 or later', `${gnu}/old-licenses/fdl-1.2.html`],
  'GFDL-1.3-only': ['GNU Free Documentation License v1.3 only', `${gnu}/fdl-1.3.html`],
  // Without "no invariants" the text may hold sections that nobody may change. Where a source names such sections it
  // gets an entry of its own among the restricted ones; none of ours does.
  'GFDL-1.3-or-later': ['GNU Free Documentation License v1.3 or later', `${gnu}/fdl-1.3.html`],
  'GFDL-1.1-no-invariants-or-later': [
    'GNU Free Documentation License v1.1 or later, no invariants',
    `${gnu}/old-licenses/fdl-1.1.html`,
  ],
  'GFDL-1.2-no-invariants-only': [
    'GNU Free Documentation License v1.2 only, no invariants',
    `${gnu}/old-licenses/fdl-1.2.html`,
  ],
  'GFDL-1.2-no-invariants-or-later': [
    'GNU Free Documentation License v1.2 or later, no invariants',
    `${gnu}/old-licenses/fdl-1.2.html`,
  ],
  'GFDL-1.3-no-invariants-only': [
    'GNU Free Documentation License v1.3 only, no invariants',
    `${gnu}/fdl-1.3.html`,
  ],
  'GFDL-1.3-no-invariants-or-later': [
    'GNU Free Documentation License v1.3 or later, no invariants',
    `${gnu}/fdl-1.3.html`,
  ],
  'MPL-1.1': ['Mozilla Public License 1.1', 'https://www.mozilla.org/MPL/1.1/'],
  'MPL-2.0': ['Mozilla Public License 2.0', 'https://www.mozilla.org/MPL/2.0/'],
  'EPL-2.0': ['Eclipse Public License 2.0', 'https://www.eclipse.org/legal/epl-2.0/'],
  'EUPL-1.1': [
    'European Union Public License 1.1',
    'https://joinup.ec.europa.eu/software/page/eupl/licence-eupl',
  ],
  'EUPL-1.2': [
    'European Union Public Licence 1.2',
    'https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12',
  ],
  'CDDL-1.0': ['Common Development and Distribution License 1.0', 'https://opensource.org/license/cddl-1-0'],
  'CECILL-2.1': [
    'CeCILL Free Software License Agreement v2.1',
    'https://cecill.info/licences/Licence_CeCILL_V2.1-en.html',
  ],
  'OPUBL-1.0': ['Open Publication License v1.0', 'https://opencontent.org/openpub/'],
  'OFL-1.1': ['SIL Open Font License 1.1', 'https://openfontlicense.org/'],
  'Linux-man-pages-copyleft': [
    'Linux man-pages Copyleft',
    'https://spdx.org/licenses/Linux-man-pages-copyleft.html',
  ],
});
