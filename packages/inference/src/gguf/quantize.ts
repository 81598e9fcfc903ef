import { rename, rm } from 'node:fs/promises';
import { LucieError } from '@lucie/ledger';
import koffi from 'koffi';
import { checkModel } from '../models/check-model.ts';
import { callAsync, libllama } from '../native/libllama.ts';
import { takeNativeError } from '../native/native-log.ts';
import { readGguf } from './gguf-file.ts';
import { readModel } from './read-model.ts';

/** llama.cpp's numbers of the file types, from `llama.h`. */
const FILE_TYPES = { F16: 1, Q4_0: 2, Q8_0: 7 } as const;

export type QuantizationType = keyof typeof FILE_TYPES;

/**
 * Writes `output` with the weights of `input` (F32 or F16) quantized by llama.cpp. Vectors stay F32.
 * @throws LucieError of `readGguf`, or `QUANTIZE_FAILED`; then nothing is left under the name `output`
 */
export async function quantize(
  input: string,
  output: string,
  opts: { type: QuantizationType; threads?: number },
): Promise<void> {
  checkModel(readModel(input), input);
  const lib = libllama();
  const aside = `${output}.${process.pid}.tmp`;
  const params = koffi.alloc(lib.types.quantizeParams, 1);
  koffi.encode(params, lib.types.quantizeParams, {
    ...lib.model_quantize_default_params(),
    ftype: FILE_TYPES[opts.type],
    nthread: opts.threads ?? 1,
  });
  takeNativeError();
  try {
    const status = await callAsync(lib.model_quantize, input, aside, koffi.address(params));
    if (status !== 0) {
      throw new LucieError({
        code: 'QUANTIZE_FAILED',
        found: `${input} that llama.cpp does not quantize (${takeNativeError() || `status ${status}`})`,
        expected: `a ${opts.type} file`,
        todo: 'check the disk and the input file',
      });
    }
    // A full disk shows here: llama.cpp does not check every write.
    readGguf(aside);
    await rename(aside, output);
  } finally {
    koffi.free(params);
    await rm(aside, { force: true });
  }
}
