import { LucieError } from '@lucie/ledger';
import { type ModelReference, modelReferenceText } from './model-reference.ts';

/**
 * What is taken where nothing is named: the four-bit mix that other local servers take by default too, since it fits a
 * 7B model into 8 GB of memory at little loss; then the largest that small models are published in.
 */
export const DEFAULT_QUANTIZATIONS = ['Q4_K_M', 'Q8_0'];

const SPLIT = /-(\d{5})-of-(\d{5})(?=\.gguf$)/i;

/** Files that carry something else than a language model: image projectors, importance matrices. */
const OTHER = /mmproj|imatrix/i;

/**
 * The GGUF file that a reference means, with all its parts where it is split; the first part first.
 * @param files - what there is to choose from
 * @throws LucieError `HUB_NO_GGUF`, `MODEL_AMBIGUOUS`
 */
export function chooseGguf<F extends { path: string }>(reference: ModelReference, files: readonly F[]): F[] {
  const models = [...groupParts(files.filter(({ path }) => /\.gguf$/i.test(path)))];
  const fail = (code: string, found: string, todo: string) =>
    new LucieError({ code, found, expected: `one GGUF file for ${modelReferenceText(reference)}`, todo });
  if (models.length === 0) {
    const some = files.slice(0, 5).map(({ path }) => path);
    throw fail(
      'HUB_NO_GGUF',
      `no GGUF file in ${reference.repo} (it holds ${some.join(', ') || 'nothing'})`,
      'name a repository that holds the model as GGUF: most models have one, often named …-GGUF',
    );
  }
  const found = pick(reference, models);
  const names = models.map(([name]) => name);
  const shown = `${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`;
  if (found.length === 0)
    throw fail('HUB_NO_GGUF', `${shown} in ${reference.repo}`, `name one of them after a colon`);
  if (found.length > 1)
    throw fail('MODEL_AMBIGUOUS', `${shown} in ${reference.repo}`, 'name the file after a colon');
  const parts = found[0]![1];
  const whole = Number(SPLIT.exec(parts[0]!.path)?.[2] ?? 1);
  const complete = parts.every(({ path }, i) => Number(SPLIT.exec(path)?.[1] ?? 1) === i + 1);
  if (parts.length !== whole || !complete)
    throw fail(
      'HUB_NO_GGUF',
      `${parts.length} of the ${whole} parts of ${found[0]![0]}`,
      'choose another file, or wait until all parts are published',
    );
  return parts;
}

type Model<F> = [name: string, parts: F[]];

/** Files by the name that they have without the number of their part. */
function groupParts<F extends { path: string }>(files: readonly F[]): Map<string, F[]> {
  const models = new Map<string, F[]>();
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    // Parts of a set of five and of a set of seven are two models.
    const name = file.path.replace(SPLIT, (_, _part, whole) => (Number(whole) > 1 ? `-of-${whole}` : ''));
    const parts = models.get(name);
    if (parts) parts.push(file);
    else models.set(name, [file]);
  }
  return models;
}

function pick<F extends { path: string }>(reference: ModelReference, models: Model<F>[]): Model<F>[] {
  const { file, quantization } = reference;
  if (file !== undefined)
    return models.filter(([name, parts]) => name === file || parts.some(({ path }) => path === file));
  const plain = models.filter(([name]) => !OTHER.test(name));
  if (quantization !== undefined) return plainOnes(plain.filter(([name]) => isOf(name, quantization)));
  if (plain.length <= 1) return plain;
  for (const name of DEFAULT_QUANTIZATIONS) {
    const found = plainOnes(plain.filter(([path]) => isOf(path, name)));
    if (found.length > 0) return found;
  }
  return plain;
}

/** Whether a file's name or folder carries the type as a word of its own. */
function isOf(name: string, quantization: string): boolean {
  const type = RegExp.escape(quantization);
  return new RegExp(`(^|[-._/])${type}([-./]|$)`, 'i').test(name);
}

/** Marks of another way to the same type of the same model. */
const VARIANT = /[-._](UD|i1|imat)(?=[-._])/i;

/** Of `model-Q4_K_M` and `model-UD-Q4_K_M` the one without a mark; what differs otherwise is another model. */
function plainOnes<F>(models: Model<F>[]): Model<F>[] {
  const names = new Set(models.map(([name]) => name));
  return models.filter(([name]) => !VARIANT.test(name) || !names.has(name.replace(VARIANT, '')));
}
