import { attributed, copyleft, type Freedoms, family, type Licence } from './licence.ts';

/** No commercial use. Whether training a model that is then sold is one, nobody has settled; we count it as one. */
const nonCommercial: Freedoms = { ...attributed, commercial: false };

/**
 * The text is read where its publisher lets it be read, and not passed on: training rests on the exception for text
 * and data mining (directive (EU) 2019/790, article 4; code de la propriété intellectuelle, L. 122-5-3), which asks
 * for lawful access and that the author has not reserved the text. A judgement, and one for Europe.
 */
const mined: Freedoms = { ...attributed, redistribute: false, modify: false };

/** Licences and terms that hold something back. */
export const restricted: Record<string, Licence> = {
  ...family(nonCommercial, {
    'CC-BY-NC-3.0': [
      'Creative Commons Attribution Non Commercial 3.0 Unported',
      'https://creativecommons.org/licenses/by-nc/3.0/',
    ],
    'CC-BY-NC-4.0': [
      'Creative Commons Attribution Non Commercial 4.0 International',
      'https://creativecommons.org/licenses/by-nc/4.0/',
    ],
  }),
  ...family(
    { ...copyleft, commercial: false },
    {
      'CC-BY-NC-SA-3.0': [
        'Creative Commons Attribution Non Commercial Share Alike 3.0 Unported',
        'https://creativecommons.org/licenses/by-nc-sa/3.0/',
      ],
      'CC-BY-NC-SA-4.0': [
        'Creative Commons Attribution Non Commercial Share Alike 4.0 International',
        'https://creativecommons.org/licenses/by-nc-sa/4.0/',
      ],
    },
  ),
  // A cleaned text is a changed one, so it may be trained on and not passed on.
  ...family(
    { ...attributed, modify: false },
    {
      'CC-BY-ND-4.0': [
        'Creative Commons Attribution No Derivatives 4.0 International',
        'https://creativecommons.org/licenses/by-nd/4.0/',
      ],
    },
  ),
  ...family(
    { ...nonCommercial, modify: false },
    {
      'CC-BY-NC-ND-4.0': [
        'Creative Commons Attribution Non Commercial No Derivatives 4.0 International',
        'https://creativecommons.org/licenses/by-nc-nd/4.0/',
      ],
    },
  ),
  ...family(mined, {
    // The terms give no right in the pages, which stay their authors'.
    'LicenseRef-Common-Crawl': ['Common Crawl terms of use', 'https://commoncrawl.org/terms-of-use'],
    // Videos marked CC BY by whoever uploaded them; the mark is theirs and unchecked.
    'LicenseRef-YouTube-permissive': [
      'Subtitles of videos that their uploaders marked as Creative Commons',
      'https://support.google.com/youtube/answer/2797468',
    ],
    // A collection of collections, most of them without a stated licence.
    'LicenseRef-OPUS': [
      'OPUS parallel corpora, licence of each collection unstated',
      'https://opus.nlpl.eu/',
    ],
    // The parts of the Pile that its "uncopyrighted" selection keeps; each has terms of its own.
    'LicenseRef-Pile-uncopyrighted': [
      'The Pile, parts without known copyright claims; terms of each part',
      'https://huggingface.co/datasets/monology/pile-uncopyrighted',
    ],
  }),
  // Terms that speak of research: commercial use is counted as not allowed until someone has it in writing.
  ...family(
    { ...mined, commercial: false },
    {
      'LicenseRef-ROOTS': [
        'BigScience ROOTS corpus, data sources under their own terms and the ethical charter',
        'https://huggingface.co/spaces/bigscience/ethical-charter',
      ],
      'LicenseRef-OpenEdition-Books': [
        'OpenEdition Books, terms of use',
        'https://www.openedition.org/12554',
      ],
      'LicenseRef-Persee': [
        'Persée, terms of use',
        'https://www.persee.fr/conditions-generales-dutilisation',
      ],
    },
  ),
  // Files whose own licences are all permissive and each of which has to be named: the terms ask for the file's own notice.
  ...family(attributed, {
    'LicenseRef-The-Stack': [
      'The Stack, files under permissive licences, terms of use of the data set',
      'https://huggingface.co/datasets/bigcode/the-stack-dedup',
    ],
  }),
  ...family(
    {
      mayTrain: false,
      attribution: true,
      shareAlike: false,
      commercial: false,
      redistribute: false,
      modify: false,
    },
    {
      // Listed so that a source that says so is refused for its reason, not as something unknown.
      'LicenseRef-all-rights-reserved': [
        'All rights reserved, or for personal use only',
        'https://www.wipo.int/treaties/en/ip/berne/',
      ],
    },
  ),
};
