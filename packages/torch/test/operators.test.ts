import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@lucie/ledger';
import { Generator, liveTensors, ops, scope, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';
import { type Argument, callOperator, schemaOf } from '../src/dispatch.ts';
import { functionNames, generateOperators, parseList } from '../src/generate/operators.ts';
import { parseSchema } from '../src/generate/schema.ts';

const root = join(import.meta.dirname, '..');
const list = parseList(readFileSync(join(root, 'operators.txt'), 'utf8'));

describe('the generated operators', () => {
  test('are what the generator makes of operators.txt and this libtorch', () => {
    expect(generateOperators(list, schemaOf)).toBe(
      readFileSync(join(root, 'src/generated/operators.ts'), 'utf8'),
    );
  });

  test('have one function per listed operator, overloads after the first under their own names', () => {
    const names = functionNames(list);
    expect(names.get('aten::mul.Tensor')).toBe('mul');
    expect(names.get('aten::mul.Scalar')).toBe('mul_Scalar');
    expect(Object.keys(ops).sort()).toEqual([...names.values()].sort());
    expect(() => functionNames(['aten::a.x', 'aten::a.y', 'aten::a.y'])).toThrow();
  });

  test('schemas are taken apart: alias marks, keywords, defaults with brackets', () => {
    const parsed = parseSchema(
      'aten::x.y(Tensor(a!) self, Tensor(b -> *)[] list, SymInt[2] size=[0, -1], *, Generator? generator, str how="a, b") -> (Tensor(a!), Tensor[])',
    );
    expect(parsed.args).toEqual([
      { name: 'self', type: 'Tensor', optional: false, mutable: true, keyword: false },
      { name: 'list', type: 'Tensor[]', optional: false, mutable: false, keyword: false },
      { name: 'size', type: 'SymInt[]', optional: false, mutable: false, keyword: false, default: '[0, -1]' },
      { name: 'generator', type: 'Generator', optional: true, mutable: false, keyword: true },
      { name: 'how', type: 'str', optional: false, mutable: false, keyword: true, default: '"a, b"' },
    ]);
    expect(parsed.returns).toEqual([
      { type: 'Tensor', mutable: true },
      { type: 'Tensor[]', mutable: false },
    ]);
  });

  test('take defaults, options, lists, optional tensors; return tuples, lists, booleans and the tensor itself', () => {
    scope(() => {
      const x = Tensor.from(Float32Array.of(3, 1, 2));
      const [values, indices] = ops.topk(x, 2);
      expect([...values.toFloat32Array()]).toEqual([3, 2]);
      expect([...indices.toBigInt64Array()]).toEqual([0n, 2n]);
      expect(ops.chunk(x, 3).map((t) => t.item())).toEqual([3, 1, 2]);
      expect(ops.equal(x, x)).toBe(true);
      expect(ops.add_(x, x, { alpha: 2 })).toBe(x);
      expect([...x.toFloat32Array()]).toEqual([9, 3, 6]);
      expect(ops.zeros([2], { dtype: 'int64' }).dtype).toBe('int64');
      expect(ops.arange(3).dtype).toBe('int64');
      expect([...ops.clamp(x, { min: 5 }).toFloat32Array()]).toEqual([9, 5, 6]);
      const row = ops.index(ops.view(x, [3, 1]), [Tensor.from(BigInt64Array.of(2n))]);
      expect(row.item()).toBe(6);
      expect([...ops.slice(x, { start: 1 }).toFloat32Array()]).toEqual([3, 6]);
    });
  });
});

describe('errors', () => {
  const x = () => Tensor.from(new Float32Array(6), [2, 3]);
  const untyped = (name: string, ...args: unknown[]) => callOperator(name, args as Argument[]);

  test('of libtorch name the operator, its arguments and the shapes of all tensors', () => {
    scope(() => {
      expect(() => ops.linear(x(), ops.zeros([4, 5], { dtype: 'float64' }))).toThrow(
        expect.objectContaining({
          code: 'OPERATOR_FAILED',
          message: expect.stringMatching(
            /aten::linear\(input=float32\[2, 3\], weight=float64\[4, 5\]\).* expected aten::linear\(Tensor input/,
          ),
        }),
      );
      expect(() => ops.cat([x(), ops.zeros([4, 5])])).toThrow(
        /aten::cat\(tensors=\[float32\[2, 3\], float32\[4, 5\]\]/,
      );
    });
  });

  test.each([
    ['a string for a tensor', 'aten::linear', (t: Tensor) => [t, 'w'], 'weight', '"w"'],
    ['a number for a tensor', 'aten::silu', () => [3], 'self', '3'],
    ['nothing for a tensor', 'aten::silu', () => [], 'self', 'undefined'],
    ['null for a tensor', 'aten::silu', () => [null], 'self', 'null'],
    ['NaN for a size', 'aten::reshape', (t: Tensor) => [t, [Number.NaN]], 'shape', 'nan'],
    ['half a size', 'aten::reshape', (t: Tensor) => [t, [1.5]], 'shape', '1.5'],
    ['infinity for a size', 'aten::zeros', () => [[Number.POSITIVE_INFINITY]], 'size', 'inf'],
    ['a BigInt beyond 64 bits', 'aten::zeros', () => [[2n ** 70n]], 'size', 'BigInt'],
    ['a string for a number', 'aten::mul.Scalar', (t: Tensor) => [t, '2'], 'other', '"2"'],
    ['a number for a boolean', 'aten::dropout', (t: Tensor) => [t, 0.5, 1], 'train', '1'],
    ['a tensor for a list', 'aten::cat', (t: Tensor) => [t], 'tensors', 'a Tensor'],
    ['a list with a hole', 'aten::cat', (t: Tensor) => [[t, undefined]], 'tensors', 'undefined'],
    ['an unknown dtype', 'aten::zeros', () => [[2], 'float12'], 'dtype', 'float12'],
    ['an object', 'aten::silu', () => [{}], 'self', 'an object'],
    ['a function', 'aten::silu', () => [() => 1], 'self', 'a function'],
    ['a symbol', 'aten::silu', () => [Symbol('s')], 'self', 'a symbol'],
    ['a tensor for a generator', 'aten::normal_', (t: Tensor) => [t, 0, 1, t], 'generator', 'Tensor'],
    ['a generator for a tensor', 'aten::silu', () => [new Generator(1)], 'self', 'a Generator'],
  ] as const)('%s is an ARGUMENT_TYPE that names operator and argument', (_, name, args, argument, found) => {
    scope(() => {
      expect(() => untyped(name, ...args(x()))).toThrow(
        expect.objectContaining({
          name: 'LucieError',
          code: 'ARGUMENT_TYPE',
          message: expect.stringContaining(`${name}: ${argument} is`),
        }),
      );
      expect(() => untyped(name, ...args(x()))).toThrow(found);
    });
  });

  test('too many arguments and unknown operators have their own codes', () => {
    scope(() => {
      expect(() => untyped('aten::silu', x(), 1)).toThrow(
        expect.objectContaining({ code: 'ARGUMENT_COUNT' }),
      );
      expect(() => untyped('aten::no_such')).toThrow(expect.objectContaining({ code: 'OPERATOR_UNKNOWN' }));
    });
  });

  test('more memory than there is: an error, not the end of the process', () => {
    expect(() => ops.zeros([2 ** 40, 2 ** 10])).toThrow(expect.objectContaining({ code: 'OPERATOR_FAILED' }));
    expect(() => ops.zeros([2 ** 40, 2 ** 40])).toThrow(expect.objectContaining({ code: 'OPERATOR_FAILED' }));
  });

  test('fused AdamW with tensors that do not fit together is refused before it reads past their ends', () => {
    scope(() => {
      const opts = {
        lr: 1,
        beta1: 0.9,
        beta2: 0.9,
        weight_decay: 0,
        eps: 1,
        amsgrad: false,
        maximize: false,
      };
      const good = () => [x()];
      const step = [Tensor.from(new Float32Array(1), [])];
      const short = [Tensor.from(new Float32Array(1))];
      for (const [grads, avgs, squares, steps] of [
        [short, good(), good(), step],
        [good(), short, good(), step],
        [good(), good(), short, step],
        [[], good(), good(), step],
        [good(), good(), good(), []],
        [good(), good(), good(), good()],
        [[ops.t(ops.t(ops.contiguous(ops.t(x()))))], good(), good(), step],
      ] as Tensor[][][]) {
        expect(() => ops._fused_adamw_([x()], grads!, avgs!, squares!, [], steps!, opts)).toThrow(
          expect.objectContaining({ code: 'OPERATOR_FAILED' }),
        );
      }
      const before = x();
      ops._fused_adamw_([before], [ops.ones([2, 3])], good(), good(), [], step, opts);
      expect(before.toFloat32Array()[0]).not.toBe(0);
    });
  });
});

/**
 * 4,000 calls of listed operators with arguments drawn without regard to their types: each returns or throws a
 * LucieError, and nothing stays behind.
 */
test('arbitrary arguments never end the process', () => {
  const random = new Random(7, 'fuzz');
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)]!;
  const before = liveTensors();
  const outcomes = { returned: 0, refused: 0 };
  scope(() => {
    const disposed = Tensor.from(new Float32Array(1));
    disposed.dispose();
    const tensors = [
      Tensor.from(
        Float32Array.from({ length: 6 }, () => random.normal()),
        [2, 3],
      ),
      Tensor.from(new Float32Array(0), [0, 3]),
      Tensor.from(Float32Array.of(Number.NaN), []),
      Tensor.from(BigInt64Array.of(0n, -1n, 99n)),
      Tensor.from(Uint8Array.of(0, 1), [2, 1]),
      ops.zeros([2, 2, 2, 4]),
      ops.zeros([3], { dtype: 'bfloat16' }),
      disposed,
    ];
    const values: (() => unknown)[] = [
      () => pick(tensors),
      () => pick(tensors),
      () => [pick(tensors), pick(tensors)],
      () => pick([0, 1, -1, 2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 31)]),
      () => pick([null, undefined, true, false, 'float32', 'x', 5n, {}, [], [2, 3], [-1], [Number.NaN]]),
      () => new Generator(1),
    ];
    for (let i = 0; i < 4000; i++) {
      const name = pick(list);
      const count = random.below(schemaOf(name).split(',').length + 2);
      const args = Array.from({ length: count }, () => pick(values)());
      scope(() => {
        try {
          callOperator(name, args as Argument[]);
          outcomes.returned++;
        } catch (error) {
          expect(error, `${name}`).toMatchObject({ name: 'LucieError' });
          outcomes.refused++;
        }
      });
    }
  });
  expect(liveTensors()).toBe(before);
  expect(outcomes.returned).toBeGreaterThan(50);
  expect(outcomes.refused).toBeGreaterThan(1000);
});
