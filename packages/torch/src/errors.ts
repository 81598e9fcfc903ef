import { LucieError } from '@lucie/ledger';

/** The fields that the addon puts on what it throws. */
interface NativeFailure {
  code: string;
  found: string;
  expected: string;
  argument: string;
}

function isNativeFailure(error: unknown): error is Error & NativeFailure {
  return error instanceof Error && 'argument' in error && 'expected' in error;
}

const todo: Record<string, string> = {
  TENSOR_DISPOSED: 'keep it: return it from its scope, or call keep',
  DATA_SIZE: 'give as many bytes as shape and dtype say',
  OPERATOR_UNKNOWN: 'compare with the list of this libtorch',
};

/**
 * Turns what the addon threw into a LucieError that names the operator, the argument and, if libtorch refused, all
 * arguments with the shapes of tensors.
 * @param schema - the operator's own signature, as what was expected
 */
export function nativeError(
  error: unknown,
  operation: string,
  describe: () => string,
  schema = 'arguments that it takes',
): unknown {
  if (!isNativeFailure(error)) return error;
  const where = error.argument ? `${operation}: ${error.argument} is` : `${operation}:`;
  const failed = error.code === 'OPERATOR_FAILED';
  return new LucieError({
    code: error.code,
    found: failed ? `${operation}(${describe()}): ${firstLine(error.found)}` : `${where} ${error.found}`,
    expected: failed ? schema : error.expected,
    todo: todo[error.code] ?? `check the arguments of ${operation}`,
    cause: error,
  });
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.trim();
}
