import { LucieError } from '@lucie/ledger';
import { safePath } from '../hub-file.ts';

/** A model of the hub as people write it. */
export interface ModelReference {
  /** `owner/name`. */
  repo: string;
  /** A GGUF file of the repository, by its path. */
  file?: string;
  /** Or the type by which one is chosen: `Q4_K_M`. */
  quantization?: string;
  /** A branch, a tag or a commit. */
  revision: string;
}

const REFERENCE =
  /^(?:hf:)?(?<repo>[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?::(?<part>[^@:]+))?(?:@(?<revision>[\w][\w./-]*))?$/;

/** The reference `owner/name[:QUANTIZATION or file.gguf][@revision]`, or undefined where the text is none. */
export function readModelReference(text: string): ModelReference | undefined {
  const { repo, part, revision = 'main' } = REFERENCE.exec(text)?.groups ?? {};
  if (!repo || repo.length > 200 || /\.\.|\/$/.test(`${repo} ${revision}`)) return undefined;
  if (part === undefined) return /\.gguf$/i.test(repo) ? undefined : { repo, revision };
  if (/^[A-Za-z0-9_-]+$/.test(part)) return { repo, quantization: part, revision };
  if (!/\.gguf$/i.test(part) || !safePath.safeParse(part).success) return undefined;
  return { repo, file: part, revision };
}

/**
 * Reads a reference that must be one.
 * @throws LucieError `MODEL_REFERENCE`
 */
export function parseModelReference(text: string): ModelReference {
  const reference = readModelReference(text);
  if (reference) return reference;
  throw new LucieError({
    code: 'MODEL_REFERENCE',
    found: JSON.stringify(text.slice(0, 200)),
    expected: 'owner/name, owner/name:Q4_K_M or owner/name:file.gguf, each also with @revision',
    todo: 'copy owner and name from the page of the model',
    exitCode: 2,
  });
}

/** The reference as people write it. */
export function modelReferenceText(reference: ModelReference): string {
  const part = reference.file ?? reference.quantization;
  const revision = reference.revision === 'main' ? '' : `@${reference.revision}`;
  return `${reference.repo}${part ? `:${part}` : ''}${revision}`;
}
