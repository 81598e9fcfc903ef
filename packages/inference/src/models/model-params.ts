import type { GgufHeader } from '../gguf/gguf-file.ts';
import type { Libllama, Struct } from '../native/libllama.ts';

/** `enum llama_load_mode`: weights read into memory, or the file mapped. */
export const LOAD_MODE = { read: 0, mmap: 1 } as const;

/** What a model is loaded with, here and in the trial alike. */
export function modelParams(lib: Libllama, header: GgufHeader, loadMode: number): Struct {
  return {
    ...lib.model_default_params(),
    load_mode: loadMode,
    n_gpu_layers: 0,
    use_extra_bufts: rowsAreLong(header),
  };
}

/**
 * llama.cpp v0.5.0 multiplies wrongly on processors with AMX when the rows of a quantized matrix are one block of 32
 * long: without its extra buffers it takes its plain kernels, which are right.
 */
function rowsAreLong(header: GgufHeader): boolean {
  return header.tensors.every(({ shape }) => shape.length === 1 || shape[0]! > 32);
}
