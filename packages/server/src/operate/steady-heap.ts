import { setFlagsFromString } from 'node:v8';

/** Garbage among what has lived longer, in percent of it, after which it is collected. */
const GARBAGE_PERCENT = 50;

/**
 * Lets V8 collect garbage early. By itself it waits until the heap has tripled, as fits a program that is about to end;
 * a server that runs for weeks shares its machine with the weights. The flag is read anew after each collection, so it
 * may be set while the process runs.
 */
export function keepHeapSteady(): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
}
