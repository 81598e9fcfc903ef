import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { addonPath, notSetUp } from './setup/addon.ts';
import { findLibtorch } from './setup/libtorch.ts';

declare const brand: unique symbol;
/** A tensor inside libtorch. Only `Tensor` holds one. */
export type TensorHandle = { [brand]: 'tensor' };
/** A random number generator inside libtorch. Only `Generator` holds one. */
export type GeneratorHandle = { [brand]: 'generator' };

/** What `addon/` exports. Every function may throw an error with `code`, `found`, `expected` and `argument`. */
export interface Native {
  dispose(tensor: TensorHandle): void;
  isDisposed(tensor: TensorHandle): boolean;
  liveTensors(): number;
  liveBytes(): number;

  fromBytes(data: Uint8Array, dtype: string, shape: readonly number[]): TensorHandle;
  readBytes(tensor: TensorHandle): ArrayBuffer;
  writeBytes(tensor: TensorHandle, data: Uint8Array): void;
  shape(tensor: TensorHandle): number[];
  dtype(tensor: TensorHandle): string;
  device(tensor: TensorHandle): string;
  isContiguous(tensor: TensorHandle): boolean;
  item(tensor: TensorHandle): number;

  findOperator(name: string, overload: string): number;
  schema(operator: number): string;
  call(operator: number, args: unknown[]): unknown;

  requiresGrad(tensor: TensorHandle): boolean;
  setRequiresGrad(tensor: TensorHandle, value: boolean): void;
  grad(tensor: TensorHandle): TensorHandle | undefined;
  setGrad(tensor: TensorHandle, grad: TensorHandle | null): void;
  backward(tensor: TensorHandle, gradient: TensorHandle | null): void;
  setGradMode(enabled: boolean): boolean;

  setThreads(count: number): void;
  threads(): number;
  makeGenerator(seed: number | bigint): GeneratorHandle;
  manualSeed(seed: number | bigint): void;
  identity(): { torch: string; capability: string };
}

let loaded: Native | undefined;

/**
 * The addon, loaded on first use: importing this package costs nothing.
 * @throws LucieError `TORCH_NOT_SET_UP`
 */
export function native(): Native {
  if (loaded) return loaded;
  const libtorch = findLibtorch();
  if (!libtorch) throw notSetUp('no libtorch');
  const path = addonPath(libtorch);
  if (!existsSync(path)) throw notSetUp('no addon for these sources and this processor');
  loaded = createRequire(import.meta.url)(path) as Native;
  return loaded;
}
