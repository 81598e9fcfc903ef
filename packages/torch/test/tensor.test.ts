import { engineIdentity, Generator, liveTensors, manualSeed, noGrad, ops, Tensor } from '@lucie/torch';
import { describe, expect, test } from 'vitest';

describe('values in and out', () => {
  test.each([
    [Float32Array.of(1.5, -0, Number.NaN, 3e38), 'float32'],
    [Float64Array.of(Math.PI, -1e300, 5e-324, 0), 'float64'],
    [BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, 7n), 'int64'],
    [Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 7), 'int32'],
    [Int16Array.of(-32768, 32767, 0, 7), 'int16'],
    [Int8Array.of(-128, 127, 0, 7), 'int8'],
    [Uint8Array.of(0, 255, 1, 7), 'uint8'],
  ] as const)('every bit of %s comes back', (data, dtype) => {
    using tensor = Tensor.from(data, [2, 2]);
    expect(tensor.dtype).toBe(dtype);
    expect(tensor.shape).toEqual([2, 2]);
    expect(tensor.numel).toBe(4);
    expect(tensor.device).toBe('cpu');
    expect(Buffer.from(tensor.toBytes())).toEqual(Buffer.from(data.buffer));
  });

  test('bfloat16 and float16 bytes travel without a change', () => {
    const bytes = Uint8Array.of(0x80, 0x3f, 0x01, 0x00, 0xc0, 0x7f);
    for (const dtype of ['bfloat16', 'float16'] as const) {
      using tensor = Tensor.fromBytes(bytes, dtype, [3]);
      expect([...tensor.toBytes()]).toEqual([...bytes]);
    }
    using one = Tensor.fromBytes(Uint8Array.of(0x80, 0x3f), 'bfloat16', []);
    expect(one.item()).toBe(1);
  });

  test('a view is read row by row, whatever its strides', () => {
    using tensor = Tensor.from(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    using turned = ops.t(tensor);
    expect(turned.isContiguous).toBe(false);
    expect([...turned.toFloat32Array()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(() => turned.copyFromBytes(new Float32Array(6))).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_TYPE' }),
    );
  });

  test('a typed array that is a part of a larger buffer gives its own elements', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    using tensor = Tensor.from(whole.subarray(1, 3));
    expect([...tensor.toFloat32Array()]).toEqual([2, 3]);
  });

  test('copyFromBytes overwrites in place, also through another handle on the same memory', () => {
    using tensor = Tensor.from(new Float32Array(4), [2, 2]);
    using view = ops.view(tensor, [4]);
    tensor.copyFromBytes(Float32Array.of(1, 2, 3, 4));
    expect([...view.toFloat32Array()]).toEqual([1, 2, 3, 4]);
  });

  test('empty tensors and scalars', () => {
    using empty = Tensor.from(new Float32Array(0), [0, 5]);
    expect(empty.shape).toEqual([0, 5]);
    expect(empty.toFloat32Array().length).toBe(0);
    using scalar = Tensor.from(Float32Array.of(7), []);
    expect(scalar.shape).toEqual([]);
    expect(scalar.item()).toBe(7);
  });

  test('the wrong number of values is DATA_SIZE', () => {
    for (const shape of [[3], [2, 3], [0], [2 ** 31, 2 ** 31, 2 ** 31]])
      expect(() => Tensor.from(new Float32Array(4), shape)).toThrow(
        expect.objectContaining({ code: 'DATA_SIZE' }),
      );
    using tensor = Tensor.from(new Float32Array(4));
    expect(() => tensor.copyFromBytes(new Float32Array(3))).toThrow(
      expect.objectContaining({ code: 'DATA_SIZE' }),
    );
  });

  test('reading as another type is refused', () => {
    using tensor = Tensor.from(new Float32Array(4));
    expect(() => tensor.toBigInt64Array()).toThrow(expect.objectContaining({ code: 'ARGUMENT_TYPE' }));
    expect(() => tensor.item()).toThrow(expect.objectContaining({ code: 'ARGUMENT_TYPE' }));
  });
});

describe('gradients', () => {
  test('of w ↦ Σ (w w)²: collected, added up, forgotten', () => {
    using w = Tensor.from(Float32Array.of(3), []);
    w.requiresGrad = true;
    const backward = () => {
      using y = ops.pow(w, 4);
      y.backward();
    };
    expect(w.grad).toBeUndefined();
    backward();
    // d w⁴ = 4 w³ = 108
    expect(w.grad!.item()).toBe(108);
    backward();
    expect(w.grad!.item()).toBe(216);
    w.grad = undefined;
    expect(w.grad).toBeUndefined();
  });

  test('of a vector need the gradient that arrives', () => {
    using w = Tensor.from(Float32Array.of(1, 2));
    w.requiresGrad = true;
    using y = ops.mul_Scalar(w, 3);
    expect(() => y.backward()).toThrow(expect.objectContaining({ code: 'OPERATOR_FAILED' }));
    y.backward(Tensor.from(Float32Array.of(1, 10)));
    expect([...w.grad!.toFloat32Array()]).toEqual([3, 30]);
  });

  test('noGrad records nothing, also after an error inside', () => {
    using w = Tensor.from(Float32Array.of(1));
    w.requiresGrad = true;
    expect(noGrad(() => ops.mul(w, w)).requiresGrad).toBe(false);
    expect(() =>
      noGrad(() => {
        throw new RangeError('inside');
      }),
    ).toThrow('inside');
    expect(ops.mul(w, w).requiresGrad).toBe(true);
  });

  test('a gradient of another shape is refused', () => {
    using w = Tensor.from(Float32Array.of(1, 2));
    expect(() => (w.grad = Tensor.from(new Float32Array(3)))).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_TYPE' }),
    );
  });

  test('an in-place change through bytes of a value that backward needs is noticed', () => {
    using w = Tensor.from(Float32Array.of(2));
    w.requiresGrad = true;
    using x = Tensor.from(Float32Array.of(3));
    using y = ops.sum(ops.mul(w, x));
    x.copyFromBytes(Float32Array.of(9));
    expect(() => y.backward()).toThrow(/modified by an inplace operation/);
  });
});

describe('random numbers', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    const draw = (seed: number) => [...ops.randn([4], { generator: new Generator(seed) }).toFloat32Array()];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const plain = (seed: number) => {
      manualSeed(seed);
      return [...ops.normal_(Tensor.from(new Float32Array(4))).toFloat32Array()];
    };
    expect(plain(1)).toEqual(plain(1));
    // The CPU generator's stream is PyTorch's own: torch.manual_seed(0); torch.randn(3), torch 2.15.0.
    expect(
      draw(0)
        .slice(0, 3)
        .map((x) => x.toFixed(4)),
    ).toEqual(['1.5410', '-0.2934', '-2.1788']);
  });
});

test('disposed is disposed: clear errors, twice is once', () => {
  const before = liveTensors();
  const tensor = Tensor.from(new Float32Array(4));
  expect(liveTensors()).toBe(before + 1);
  tensor.dispose();
  tensor.dispose();
  expect(liveTensors()).toBe(before);
  expect(tensor.disposed).toBe(true);
  const disposed = expect.objectContaining({ code: 'TENSOR_DISPOSED' });
  expect(() => tensor.shape).toThrow(disposed);
  expect(() => tensor.toBytes()).toThrow(disposed);
  expect(() => tensor.backward()).toThrow(disposed);
  expect(() => (tensor.requiresGrad = true)).toThrow(disposed);
  expect(() => ops.add(tensor, tensor)).toThrow(disposed);
  expect(() => ops.cat([tensor])).toThrow(disposed);
});

test('the engine says what its numbers depend on', () => {
  const identity = engineIdentity();
  expect(identity.torch).toMatch(/^2\.\d+\.\d+/);
  expect(identity.addon).toMatch(/^[0-9a-f]{16}$/);
  expect(['DEFAULT', 'AVX2', 'AVX512', 'NO AVX', 'VSX', 'ZVECTOR', 'SVE256']).toContain(identity.capability);
  expect(identity.threads).toBe(1);
  expect(identity.cpu.length).toBeGreaterThan(0);
});
