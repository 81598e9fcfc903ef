import { limitsShape } from '../src/sources/files/options.ts';
import { readJsonl } from '../src/sources/files/read-jsonl.ts';

/** `node stream-reader.ts PATH`: reads JSON Lines as a source does, and tells how much memory that took at most. */
const documents = readJsonl({
  path: process.argv[2]!,
  key: 'a',
  source: { source: 'own', language: 'fr', licence: 'CC0-1.0' },
  limits: limitsShape.parse({}),
  signal: new AbortController().signal,
  onBytes: () => {},
  complain: ({ key, why }) => {
    throw new Error(`${key}: ${why}`);
  },
});
let count = 0;
let characters = 0;
for await (const document of documents) {
  count++;
  characters += document.text.length;
}
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ documents: count, characters, peak }));
