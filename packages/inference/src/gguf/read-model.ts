import { LucieError } from '@lucie/ledger';
import { type GgufHeader, readGguf } from './gguf-file.ts';
import { modelFiles } from './model-files.ts';

/**
 * Reads and checks the head of a model, which may be split into parts as llama.cpp splits it: the first says how many
 * parts and tensors there are, every part which one it is.
 * @returns the first part's metadata, with the tensors of all; each offset is that within its own part
 * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`
 */
export function readModel(path: string): GgufHeader {
  const first = readGguf(path);
  const count = Number(first.metadata.get('split.count') ?? 0);
  if (count <= 1) return first;
  const files = modelFiles(path);
  if (first.metadata.get('split.no') !== 0 || files.length !== count) {
    throw invalid(
      `${path}, part ${Number(first.metadata.get('split.no')) + 1} of ${count}`,
      `the first part, named …-00001-of-${String(count).padStart(5, '0')}.gguf, beside the others`,
    );
  }
  const parts = files.map((file, i) => (i === 0 ? first : readGguf(file)));
  for (const [i, { metadata }] of parts.entries()) {
    if (metadata.get('split.no') === i && metadata.get('split.count') === count) continue;
    throw invalid(
      `${files[i]} that says it is part ${String(metadata.get('split.no'))} of ${String(metadata.get('split.count'))}, from 0`,
      `part ${i} of ${count}`,
    );
  }
  const tensors = parts.flatMap((part) => part.tensors);
  const total = first.metadata.get('split.tensors.count');
  const names = new Set(tensors.map(({ name }) => name)).size;
  if (total !== tensors.length || names !== tensors.length) {
    throw invalid(
      `${names} tensors of different names, ${tensors.length} in all, in ${count} parts of ${path}`,
      `split.tensors.count of them: ${String(total)}`,
    );
  }
  return { ...first, tensors };
}

function invalid(found: string, expected: string): LucieError {
  return new LucieError({ code: 'MODEL_INVALID', found, expected, todo: 'fetch or build all parts again' });
}
