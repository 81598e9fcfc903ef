import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, writeJson } from '@lucie/ledger';
import { Tensor } from '@lucie/torch';
import { type LlamaConfig, parseConfig } from './config.ts';
import { fromFloat32, toFloat32 } from './half.ts';
import { Llama } from './llama.ts';
import { parameterShapes } from './parameters.ts';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from './safetensors.ts';

/**
 * Writes `model.safetensors`, `config.json` and `generation_config.json` as Hugging Face's `from_pretrained` reads
 * them; tokenizer files are the caller's.
 * @param opts.stopIds - ids that end an answer; `eos_token_id` of the configuration when absent
 */
export async function savePretrained(
  dir: string,
  model: Llama,
  opts: { stopIds?: number[] } = {},
): Promise<void> {
  await writeSafetensors(join(dir, 'model.safetensors'), modelEntries(model));
  await writeJson(join(dir, 'config.json'), { ...model.config, torch_dtype: 'float32', use_cache: true });
  const { bos_token_id, eos_token_id, pad_token_id } = model.config;
  await writeJson(join(dir, 'generation_config.json'), {
    bos_token_id,
    eos_token_id: opts.stopIds ?? eos_token_id,
    pad_token_id,
  });
}

/** The parameters as float32 entries of a safetensors file. */
export function modelEntries(model: Llama): Map<string, SafetensorsEntry> {
  const entries = new Map<string, SafetensorsEntry>();
  for (const [name, tensor] of model.parameters) {
    entries.set(name, fromFloat32(tensor.toFloat32Array(), tensor.shape));
  }
  return entries;
}

/**
 * Reads a Hugging Face folder of a Llama model; weights become float32.
 * @throws LucieError `MODEL_MISSING` (no such files), `CONFIG_INVALID` (another architecture or faulty),
 *   `CHECKPOINT_FOREIGN` (tensors missing, extra, or of another shape), `SAFETENSORS_INVALID`, `SAFETENSORS_TRUNCATED`
 */
export async function loadPretrained(dir: string): Promise<Llama> {
  const config = await readConfig(dir);
  const path = join(dir, 'model.safetensors');
  if (!existsSync(path)) throw missing(path);
  return modelFrom(config, await readSafetensors(path), path);
}

/** Reads and checks `config.json` of a Hugging Face folder. @throws LucieError `MODEL_MISSING`, `CONFIG_INVALID` */
export async function readConfig(dir: string): Promise<LlamaConfig> {
  const path = join(dir, 'config.json');
  if (!existsSync(path)) throw missing(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // What is no JSON fails the check below like any other value that is no configuration.
  }
  return parseConfig(json, path);
}

/**
 * A model from a file's tensors, all of which must be the configuration's.
 * @throws LucieError `CHECKPOINT_FOREIGN`
 */
export function modelFrom(
  config: LlamaConfig,
  entries: Map<string, SafetensorsEntry>,
  origin: string,
): Llama {
  const shapes = parameterShapes(config);
  // Some programs write the tied output matrix a second time.
  const names = [...entries.keys()].filter(
    (name) => !(config.tie_word_embeddings && name === 'lm_head.weight'),
  );
  const extra = names.filter((name) => !shapes.has(name));
  const absent = [...shapes.keys()].filter((name) => !entries.has(name));
  const faults = [
    ...absent.map((name) => `no ${name}`),
    ...extra.map((name) => `an unknown ${name}`),
    ...[...shapes].flatMap(([name, shape]) => {
      const entry = entries.get(name);
      if (!entry) return [];
      if (!/^(F|BF)\d+$/.test(entry.dtype)) return [`${name} of type ${entry.dtype}`];
      return `${entry.shape}` === `${shape}` ? [] : [`${name} [${entry.shape}] instead of [${shape}]`];
    }),
  ];
  if (faults.length > 0) {
    const more = faults.length > 3 ? ` and ${faults.length - 3} more faults` : '';
    throw new LucieError({
      code: 'CHECKPOINT_FOREIGN',
      found: `${origin} with ${faults.slice(0, 3).join(', ')}${more}`,
      expected: `the ${shapes.size} tensors of the Llama that config.json describes`,
      todo: 'take config.json and model.safetensors from the same model',
    });
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, shape] of shapes) tensors.set(name, Tensor.from(toFloat32(entries.get(name)!), shape));
  return new Llama(config, tensors);
}

function missing(path: string): LucieError {
  return new LucieError({
    code: 'MODEL_MISSING',
    found: `no ${path}`,
    expected: 'a Hugging Face folder with config.json and model.safetensors',
    todo: 'give the folder of a model',
  });
}
