import { nativeError } from './errors.ts';
import { parseSchema } from './generate/schema.ts';
import { Generator } from './generator.ts';
import { native, type TensorHandle } from './native.ts';
import { Tensor } from './tensor.ts';

/** Anything that the generated functions hand over. Their types say which of it an operator takes. */
export type Argument =
  | Tensor
  | Generator
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | readonly (Tensor | number | bigint | boolean | null)[];

const indices = new Map<string, number>();

function indexOf(name: string): number {
  let index = indices.get(name);
  if (index === undefined) {
    const [base, overload = ''] = name.split('.') as [string, string?];
    try {
      index = native().findOperator(base, overload);
    } catch (error) {
      throw nativeError(error, name, () => '');
    }
    indices.set(name, index);
  }
  return index;
}

/** libtorch's own signature of an operator, e.g. `aten::mul.Tensor`. */
export function schemaOf(name: string): string {
  return native().schema(indexOf(name));
}

/**
 * Calls an operator by its full name. `undefined` stands for the default. The generated functions in `ops` are the
 * typed way to it.
 * @throws LucieError `ARGUMENT_TYPE`, `ARGUMENT_COUNT`, `TENSOR_DISPOSED`, `OPERATOR_FAILED` (libtorch refused),
 * `OPERATOR_UNKNOWN`
 */
export function callOperator(name: string, args: readonly Argument[]): unknown {
  const index = indexOf(name);
  try {
    return wrap(native().call(index, args.map(unwrap)));
  } catch (error) {
    const schema = parseSchema(native().schema(index));
    const named = () =>
      args
        .flatMap((arg, i) => (arg === undefined ? [] : [`${schema.args[i]?.name ?? i}=${describe(arg)}`]))
        .join(', ');
    throw nativeError(error, name, named, schema.text);
  }
}

function unwrap(value: Argument): unknown {
  if (value instanceof Tensor || value instanceof Generator) return value.handle;
  return Array.isArray(value) ? value.map((item) => (item instanceof Tensor ? item.handle : item)) : value;
}

function wrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrap);
  // Results are tensors, numbers, booleans or nothing: the only objects are handles.
  return value !== null && typeof value === 'object' ? new Tensor(value as TensorHandle) : value;
}

/** `float32[8, 256]`, `[float32[4], …]`, `0.1`: as error messages show arguments. */
function describe(value: Argument): string {
  if (value instanceof Tensor)
    return value.disposed ? 'disposed' : `${value.dtype}[${value.shape.join(', ')}]`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 8).map(describe);
    return `[${shown.join(', ')}${value.length > 8 ? `, … ${value.length} in all` : ''}]`;
  }
  return value instanceof Generator ? 'Generator' : String(value);
}
