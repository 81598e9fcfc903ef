import { cpus } from 'node:os';
import { nativeError } from './errors.ts';
import { native } from './native.ts';
import { addonHash } from './setup/addon.ts';
import { findLibtorch } from './setup/libtorch.ts';

/** Runs `body` without recording for gradients: evaluation, optimiser steps. */
export function noGrad<T>(body: () => T): T {
  const before = native().setGradMode(false);
  try {
    return body();
  } finally {
    native().setGradMode(before);
  }
}

/** Threads that operators use. More than there are idle cores makes everything many times slower. */
export function setThreads(count: number): void {
  try {
    native().setThreads(count);
  } catch (error) {
    throw nativeError(error, 'setThreads', () => String(count));
  }
}

/** Seeds the operators that are called without a `Generator`. */
export function manualSeed(seed: number | bigint): void {
  native().manualSeed(seed);
}

/** Tensors that this process holds: flat over training steps, or something leaks. */
export function liveTensors(): number {
  return native().liveTensors();
}

/** Bytes in use by all tensors of this process, those that graphs and gradients hold included. */
export function liveBytes(): number {
  return native().liveBytes();
}

/** What results depend on to the last bit, besides inputs and seed. */
export function engineIdentity(): {
  torch: string;
  addon: string;
  capability: string;
  cpu: string;
  threads: number;
} {
  const { torch, capability } = native().identity();
  const addon = addonHash(findLibtorch()!);
  return { torch, addon, capability, cpu: cpus()[0]?.model ?? 'unknown', threads: native().threads() };
}
