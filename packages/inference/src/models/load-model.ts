import { LucieError } from '@lucie/ledger';
import type { GgufHeader } from '../gguf/gguf-file.ts';
import { readModel } from '../gguf/read-model.ts';
import { inHugePages } from '../native/huge-pages.ts';
import { callAsync, type Libllama, libllama, type Pointer } from '../native/libllama.ts';
import { takeNativeError } from '../native/native-log.ts';
import { availableMemory } from './available-memory.ts';
import { checkModel } from './check-model.ts';
import { LOAD_MODE, modelParams } from './model-params.ts';
import { tryModel } from './trial.ts';
import { rememberTrial, trialRemembered } from './trial-memory.ts';

/** A model in libllama's memory, and the head of its file. Whoever holds it calls `model_free`. */
export interface LoadedModel {
  lib: Libllama;
  model: Pointer;
  header: GgufHeader;
  /** False for an encoder (BERT and its kind), which embeds but does not write. */
  generates: boolean;
}

/**
 * Checks the file here, lets a child process load it and decode with it, then loads it: what makes llama.cpp crash,
 * hang or eat the memory does so in the child. A file that has passed once is not tried again on this machine.
 * @param opts.trial - false loads without the child: for files that this project has just written itself
 * @param opts.tokens - as in `checkModel`
 * @throws LucieError `MODEL_MISSING`, `MODEL_FOREIGN`, `MODEL_TRUNCATED`, `MODEL_INVALID`, `MODEL_REFUSED` (llama.cpp
 * does not take it), `ENGINE_MISSING`, `ENGINE_VERSION`
 */
export async function loadModel(
  path: string,
  opts: { trial?: boolean; tokens?: 'own' | 'given' } = {},
): Promise<LoadedModel> {
  const header = readModel(path);
  checkModel(header, path, opts);
  const lib = libllama();
  if (opts.trial !== false && !trialRemembered(path)) {
    await tryModel(path);
    rememberTrial(path);
  }
  takeNativeError();
  const params = modelParams(lib, header, loadMode(header));
  const model = await inHugePages(() => callAsync(lib.model_load_from_file, path, params));
  const trained = model === null ? 0 : lib.model_n_ctx_train(model);
  const encodes = model !== null && lib.model_has_encoder(model);
  const decodes = model !== null && lib.model_has_decoder(model);
  if (model === null || trained < 1 || (encodes && decodes)) {
    if (model !== null) lib.model_free(model);
    throw new LucieError({
      code: 'MODEL_REFUSED',
      found: `${path} that llama.cpp does not run (${takeNativeError() || 'a model that translates rather than goes on'})`,
      expected: 'a complete text or embedding model of an architecture that llama.cpp knows',
      todo: 'fetch or build this file again, or name another',
    });
  }
  return { lib, model, header, generates: decodes && !isEncoder(header) };
}

/**
 * A mapped file that is cut or overwritten while it serves kills the process (SIGBUS) or changes the answers, so
 * weights are read into memory of our own. Where that would take more than half of what is free they are mapped
 * after all: the kernel can then drop pages instead of swapping.
 */
function loadMode(header: GgufHeader): number {
  const weights = header.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  return weights > availableMemory() / 2 ? LOAD_MODE.mmap : LOAD_MODE.read;
}

/** Attention to both sides, as the file says it: such a model has no memory of what it has read. */
export function isEncoder({ metadata }: GgufHeader): boolean {
  return metadata.get(`${String(metadata.get('general.architecture'))}.attention.causal`) === false;
}
