import { type DType, dtypeOf, type TensorData } from './dtype.ts';
import { nativeError } from './errors.ts';
import { type Native, native, type TensorHandle } from './native.ts';
import { openScopes } from './scope-stack.ts';

/**
 * A tensor of libtorch. Its memory is freed by the scope it was made in, or by `dispose`; garbage collection is only
 * the net below. Operators are in `ops`; here is what a tensor is and how values go in and out.
 */
export class Tensor implements Disposable {
  /** For the dispatcher of this package only. */
  readonly handle: TensorHandle;

  /** For this package only: everyone else calls `Tensor.from` or an operator. The innermost scope owns the tensor. */
  constructor(handle: TensorHandle) {
    this.handle = handle;
    openScopes.at(-1)?.add(this);
  }

  /**
   * Copies an array into a new CPU tensor, row-major.
   * @param shape - one dimension when absent; `[]` for a scalar
   * @throws LucieError `DATA_SIZE` when the array's length is not the product of the sizes
   */
  static from(data: TensorData, shape: readonly number[] = [data.length]): Tensor {
    return Tensor.fromBytes(data, dtypeOf(data), shape);
  }

  /** Copies raw little-endian elements, as safetensors holds them, into a new CPU tensor. */
  static fromBytes(data: ArrayBufferView, dtype: DType, shape: readonly number[]): Tensor {
    return new Tensor(use('Tensor.from', (addon) => addon.fromBytes(bytesOf(data), dtype, [...shape])));
  }

  get shape(): number[] {
    return this.#use('shape', (addon) => addon.shape(this.handle));
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  get dtype(): DType {
    return this.#use('dtype', (addon) => addon.dtype(this.handle)) as DType;
  }

  /** `cpu`, `cuda:0`, … */
  get device(): string {
    return this.#use('device', (addon) => addon.device(this.handle));
  }

  get isContiguous(): boolean {
    return this.#use('isContiguous', (addon) => addon.isContiguous(this.handle));
  }

  /** The value of a tensor of one element; int64 beyond 2⁵³ loses its last bits. */
  item(): number {
    return this.#use('item', (addon) => addon.item(this.handle));
  }

  /** The raw little-endian elements, row-major, whatever the strides: a copy. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#use('toBytes', (addon) => addon.readBytes(this.handle)));
  }

  /** @throws LucieError `ARGUMENT_TYPE` for another dtype than float32 */
  toFloat32Array(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#bytesAs('float32'));
  }

  /** @throws LucieError `ARGUMENT_TYPE` for another dtype than float64 */
  toFloat64Array(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#bytesAs('float64'));
  }

  /** @throws LucieError `ARGUMENT_TYPE` for another dtype than int64 */
  toBigInt64Array(): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.#bytesAs('int64'));
  }

  /** @throws LucieError `ARGUMENT_TYPE` for another dtype than int32 */
  toInt32Array(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#bytesAs('int32'));
  }

  /**
   * Overwrites the elements in place with raw little-endian ones of the same dtype.
   * @throws LucieError `DATA_SIZE`, or `ARGUMENT_TYPE` for a strided view
   */
  copyFromBytes(data: ArrayBufferView): this {
    this.#use('copyFromBytes', (addon) => addon.writeBytes(this.handle, bytesOf(data)));
    return this;
  }

  /** Whether `backward` collects a gradient here. Only a leaf (not an operator's result) may be set to false. */
  get requiresGrad(): boolean {
    return this.#use('requiresGrad', (addon) => addon.requiresGrad(this.handle));
  }

  set requiresGrad(value: boolean) {
    this.#use('requiresGrad', (addon) => addon.setRequiresGrad(this.handle, value));
  }

  /** The gradient that `backward` has collected, sharing its memory; undefined before. Belongs to the scope. */
  get grad(): Tensor | undefined {
    const handle = this.#use('grad', (addon) => addon.grad(this.handle));
    return handle && new Tensor(handle);
  }

  /** `undefined` frees the collected gradient, as before each training step. */
  set grad(value: Tensor | undefined) {
    this.#use('grad', (addon) => addon.setGrad(this.handle, value?.handle ?? null));
  }

  /**
   * Adds the gradient of this tensor to `grad` of every leaf that it depends on, and frees the graph.
   * @param gradient - needed unless this is a scalar: of this tensor's shape
   */
  backward(gradient?: Tensor): void {
    this.#use('backward', (addon) => addon.backward(this.handle, gradient?.handle ?? null));
  }

  /** True once the memory was given back; every use is then a LucieError `TENSOR_DISPOSED`. */
  get disposed(): boolean {
    return native().isDisposed(this.handle);
  }

  /** Gives the memory back at once. Twice is once. */
  dispose(): void {
    native().dispose(this.handle);
    openScopes.at(-1)?.delete(this);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #bytesAs(dtype: DType): ArrayBuffer {
    return this.#use('read', (addon) => {
      const actual = addon.dtype(this.handle);
      if (actual === dtype) return addon.readBytes(this.handle);
      throw Object.assign(new Error(), {
        code: 'ARGUMENT_TYPE',
        found: actual,
        expected: dtype,
        argument: 'dtype',
      });
    });
  }

  #use<T>(what: string, action: (addon: Native) => T): T {
    return use(`Tensor.${what}`, action);
  }
}

function use<T>(what: string, action: (addon: Native) => T): T {
  try {
    return action(native());
  } catch (error) {
    throw nativeError(error, what, () => '');
  }
}

function bytesOf(data: ArrayBufferView): Uint8Array {
  if (data instanceof Uint8Array) return data;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
