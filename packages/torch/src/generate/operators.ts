import { parseSchema, type Schema, type SchemaArgument } from './schema.ts';

const TYPES: Record<string, string> = {
  Tensor: 'Tensor',
  int: 'number',
  SymInt: 'number',
  float: 'number',
  Scalar: 'number',
  bool: 'boolean',
  str: 'string',
  ScalarType: 'DType',
  Device: 'string',
  Generator: 'Generator',
  'int[]': 'readonly number[]',
  'SymInt[]': 'readonly number[]',
  'float[]': 'readonly number[]',
  'bool[]': 'readonly boolean[]',
  'Tensor[]': 'readonly Tensor[]',
  'Tensor?[]': 'readonly (Tensor | null)[]',
};

/** Memory layout is libtorch's business here: these keep their defaults. */
const NOT_OFFERED = new Set(['Layout', 'MemoryFormat']);
const NOT_OFFERED_NAMES = new Set(['pin_memory', 'non_blocking']);

/** Names of operators in a list file: one per line, `#` begins a comment. */
export function parseList(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** The function's name of each operator: its own, with the overload for all but the first of one name. */
export function functionNames(operators: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const operator of operators) {
    const [base, overload = ''] = operator.split('::')[1]!.split('.') as [string, string?];
    const name = taken.has(base) ? `${base}_${overload}` : base;
    if (taken.has(name)) throw new Error(`two operators would both be ${name}`);
    taken.add(name);
    names.set(operator, name);
  }
  return names;
}

/** The text of `src/generated/operators.ts`. */
export function generateOperators(operators: readonly string[], schemaOf: (name: string) => string): string {
  const names = functionNames(operators);
  const functions = operators.map((name) => generateFunction(names.get(name)!, parseSchema(schemaOf(name))));
  return `// Generated from operators.txt and libtorch's own schemas by src/generate/write.ts. Do not edit.
// biome-ignore-all format: as the generator writes it, so that a test can compare
import { callOperator } from '../dispatch.ts';
import type { DType } from '../dtype.ts';
import type { Generator } from '../generator.ts';
import type { Tensor } from '../tensor.ts';

${functions.join('\n')}`;
}

function generateFunction(name: string, schema: Schema): string {
  const offered = schema.args.filter((arg) => !NOT_OFFERED.has(arg.type) && !NOT_OFFERED_NAMES.has(arg.name));
  // As in Python: what has a default and what stands after `*` is named.
  const named = offered.filter((arg) => arg.default !== undefined || arg.keyword);
  const positional = offered.filter((arg) => !named.includes(arg));
  const parameters = positional.map((arg) => `${safe(arg.name)}: ${typeOf(arg)}`);
  if (named.length > 0) {
    const fields = named.map((arg) =>
      arg.default === undefined ? `${arg.name}: ${typeOf(arg)}` : `${arg.name}?: ${typeOf(arg)} | undefined`,
    );
    const needed = named.some((arg) => arg.default === undefined);
    parameters.push(`opts: { ${fields.join('; ')} }${needed ? '' : ' = {}'}`);
  }
  const values = schema.args.map((arg) =>
    positional.includes(arg) ? safe(arg.name) : named.includes(arg) ? `opts.${arg.name}` : 'undefined',
  );
  while (values.at(-1) === 'undefined') values.pop();
  const call = `callOperator('${schema.name}', [${values.join(', ')}])`;
  const head = `/** \`${schema.text}\` */\nexport function ${name}(${parameters.join(', ')})`;
  // An operator that overwrites its one argument returns it: no second handle on the same memory.
  const [first] = schema.returns;
  if (schema.returns.length === 1 && first?.mutable) {
    const self = safe(schema.args.find((arg) => arg.mutable)!.name);
    return `${head}: Tensor {\n  (${call} as Tensor).dispose();\n  return ${self};\n}\n`;
  }
  if (schema.returns.length === 0) return `${head}: void {\n  ${call};\n}\n`;
  const types = schema.returns.map((result) => {
    const type = TYPES[result.type];
    if (!type) throw new Error(`${schema.name} returns ${result.type}, which the generator does not know`);
    return type.replace('readonly ', '');
  });
  const type = types.length === 1 ? types[0]! : `[${types.join(', ')}]`;
  return `${head}: ${type} {\n  return ${call} as ${type};\n}\n`;
}

function typeOf(arg: SchemaArgument): string {
  const type = TYPES[arg.type];
  if (!type) throw new Error(`argument ${arg.name} has type ${arg.type}, which the generator does not know`);
  return arg.optional ? `${type} | null` : type;
}

/** `self` would read like a reserved word; libtorch's other names serve as they are. */
function safe(name: string): string {
  return name === 'self' ? 'input' : name;
}
