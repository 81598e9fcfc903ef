import { attributed, family, free, type Licence } from './licence.ts';

/** Nothing is asked in return. */
export const publicDomain: Record<string, Licence> = family(free, {
  'CC0-1.0': ['Creative Commons Zero 1.0 Universal', 'https://creativecommons.org/publicdomain/zero/1.0/'],
  'PDDL-1.0': [
    'Open Data Commons Public Domain Dedication and License 1.0',
    'https://opendatacommons.org/licenses/pddl/1-0/',
  ],
  Unlicense: ['The Unlicense', 'https://unlicense.org/'],
  '0BSD': ['BSD Zero Clause License', 'https://opensource.org/license/0bsd'],
  'MIT-0': ['MIT No Attribution', 'https://opensource.org/license/mit-0'],
  WTFPL: ['Do What The F*ck You Want To Public License', 'http://www.wtfpl.net/about/'],
  // Term of protection over, or never protected (statutes, works of the US government): it depends on the country;
  // the source's adapter says which of them it is.
  'LicenseRef-public-domain': [
    'Public domain (no rights left, or none ever)',
    'https://creativecommons.org/publicdomain/mark/1.0/',
  ],
});

/** Licences that ask for the notice to stay, and no more. */
export const permissive: Record<string, Licence> = family(attributed, {
  'etalab-2.0': [
    'Licence Ouverte / Open Licence 2.0 (Etalab)',
    'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
  ],
  'LicenseRef-Etalab-1.0': [
    'Licence Ouverte / Open Licence 1.0 (Etalab)',
    'https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf',
  ],
  'LicenseRef-UDHR': [
    'Universal Declaration of Human Rights, text of the United Nations, reproduced freely with its source',
    'https://www.ohchr.org/en/human-rights/universal-declaration/',
  ],
  'CC-BY-2.0': ['Creative Commons Attribution 2.0 Generic', 'https://creativecommons.org/licenses/by/2.0/'],
  'CC-BY-2.5': ['Creative Commons Attribution 2.5 Generic', 'https://creativecommons.org/licenses/by/2.5/'],
  'CC-BY-3.0': ['Creative Commons Attribution 3.0 Unported', 'https://creativecommons.org/licenses/by/3.0/'],
  'CC-BY-4.0': [
    'Creative Commons Attribution 4.0 International',
    'https://creativecommons.org/licenses/by/4.0/',
  ],
  'ODC-By-1.0': ['Open Data Commons Attribution License 1.0', 'https://opendatacommons.org/licenses/by/1-0/'],
  'DL-DE-BY-2.0': ['Data licence Germany – attribution – version 2.0', 'https://www.govdata.de/dl-de/by-2-0'],
  'OGL-UK-3.0': [
    'Open Government Licence v3.0',
    'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
  ],
  MIT: ['MIT License', 'https://opensource.org/license/mit'],
  'Apache-2.0': ['Apache License 2.0', 'https://www.apache.org/licenses/LICENSE-2.0'],
  'BSD-2-Clause': ['BSD 2-Clause License', 'https://opensource.org/license/bsd-2-clause'],
  'BSD-3-Clause': ['BSD 3-Clause License', 'https://opensource.org/license/bsd-3-clause'],
  'BSD-4-Clause': ['BSD 4-Clause License', 'https://spdx.org/licenses/BSD-4-Clause.html'],
  'BlueOak-1.0.0': ['Blue Oak Model License 1.0.0', 'https://blueoakcouncil.org/license/1.0.0'],
  'BSL-1.0': ['Boost Software License 1.0', 'https://www.boost.org/LICENSE_1_0.txt'],
  'CECILL-B': [
    'CeCILL-B Free Software License Agreement',
    'https://cecill.info/licences/Licence_CeCILL-B_V1-en.html',
  ],
  FSFAP: [
    'FSF All Permissive License',
    'https://www.gnu.org/prep/maintain/html_node/License-Notices-for-Other-Files.html',
  ],
  ISC: ['ISC License', 'https://opensource.org/license/isc-license-txt'],
  'LPPL-1.3c': ['LaTeX Project Public License v1.3c', 'https://www.latex-project.org/lppl/lppl-1-3c/'],
  'PHP-3.01': ['PHP License v3.01', 'https://www.php.net/license/3_01.txt'],
  'PSF-2.0': ['Python Software Foundation License 2.0', 'https://docs.python.org/3/license.html'],
  'Artistic-1.0-Perl': ['Artistic License 1.0 (Perl)', 'https://dev.perl.org/licenses/artistic.html'],
  'Artistic-2.0': ['Artistic License 2.0', 'https://www.perlfoundation.org/artistic-license-20.html'],
  Ruby: ['Ruby License', 'https://www.ruby-lang.org/en/about/license.txt'],
  'Unicode-3.0': ['Unicode License v3', 'https://www.unicode.org/license.txt'],
  'Unicode-DFS-2016': [
    'Unicode License Agreement – Data Files and Software (2016)',
    'https://spdx.org/licenses/Unicode-DFS-2016.html',
  ],
  W3C: [
    'W3C Software Notice and License (2002)',
    'https://www.w3.org/Consortium/Legal/2002/copyright-software-20021231.html',
  ],
  'W3C-20150513': [
    'W3C Software Notice and Document License (2015)',
    'https://www.w3.org/Consortium/Legal/2015/copyright-software-and-document',
  ],
  Zlib: ['zlib License', 'https://www.zlib.net/zlib_license.html'],
  'LicenseRef-WordNet': [
    'WordNet License (Princeton)',
    'https://wordnet.princeton.edu/license-and-commercial-use',
  ],
  // The page of the European Parliament's proceedings: reuse is allowed if the source is named.
  'LicenseRef-Europarl': [
    'Proceedings of the European Parliament, reproduction authorised with its source',
    'https://www.europarl.europa.eu/legal-notice/en/',
  ],
});
