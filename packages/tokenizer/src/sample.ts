import { type Document, documentBytes, documentText, readDocuments } from '@lucie/corpus';
import { sha256 } from '@lucie/ledger';

/** A number in [0, 1) that depends on the document's id alone. */
function lot(id: string): number {
  return Number.parseInt(sha256(`tokenizer ${id}`).slice(0, 12), 16) / 2 ** 48;
}

/**
 * Chooses documents of a Parquet file so that each source gives about `sampleBytes` of text, or all it has.
 * @returns what each source gives, by name, and the chosen texts in the file's order
 * @throws LucieError of `readDocuments`
 */
export async function sampleDocuments(
  path: string,
  sampleBytes: number,
): Promise<{
  bytes: number;
  licences: string[];
  texts: () => AsyncGenerator<{ source: string; text: string }>;
}> {
  const totals = new Map<string, number>();
  const licences = new Set<string>();
  for await (const document of readDocuments(path)) {
    totals.set(document.source, (totals.get(document.source) ?? 0) + documentBytes(document));
    licences.add(document.licence);
  }
  const chosen = ({ id, source }: Document) => lot(id) < sampleBytes / totals.get(source)!;
  return {
    bytes: [...totals.values()].reduce((sum, total) => sum + Math.min(total, sampleBytes), 0),
    licences: [...licences].sort(),
    async *texts() {
      for await (const document of readDocuments(path)) {
        if (chosen(document)) yield { source: document.source, text: documentText(document) };
      }
    },
  };
}
