import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Document, layout, type Step, writeDocuments } from '@lucie/corpus';

/** The step `read` of a JSONL file with `id` and `text`, as one unit: what the steps after it find in a corpus. */
export function readStep(path: string): Step {
  return {
    name: layout.read.step,
    version: 1,
    options: { path },
    units: () => [{ name: 'documents', reads: [] }],
    async run(_unit, { out }) {
      await writeDocuments(join(out, layout.read.documents), documents(path));
    },
  };
}

async function* documents(path: string): AsyncGenerator<Document> {
  const more = {
    source: 'bench',
    licence: 'CC0-1.0',
    language: 'fr',
    date: '',
    url: '',
    title: '',
    extra: '{}',
  };
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line === '') continue;
    const { id, text } = JSON.parse(line) as { id: string; text: string };
    yield { id, text, ...more };
  }
}
