import { join } from 'node:path';
import type { Document } from '../src/document.ts';
import { readDocuments, writeDocuments } from '../src/parquet.ts';

/** Writes and reads 120 MB of long texts, a process of its own: prints by how many MB its memory grew at most. */
const words = 'la mer le vent une lumière du matin quand les oiseaux reviennent vers port'.split(' ');
const text = (i: number) =>
  Array.from({ length: 7000 }, (_, at) => words[(i * 31 + at * at) % words.length]).join(' ');

function* documents(): Generator<Document> {
  for (let i = 0; i < 3000; i++)
    yield {
      ...{ id: `s/${i}`, text: text(i), source: 's', licence: 'CC0-1.0', language: 'fr' },
      ...{ date: '', url: '', title: '', extra: '{}' },
    };
}

const peak = () => process.resourceUsage().maxRSS / 1024;
const before = peak();
const path = join(process.argv[2]!, 'documents.parquet');
await writeDocuments(path, documents());
const written = peak();
let characters = 0;
for await (const document of readDocuments(path)) characters += document.text.length;
console.log(
  JSON.stringify({
    characters,
    writing: Math.round(written - before),
    reading: Math.round(peak() - before),
  }),
);
