import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { cacheDir, LucieError, runsDir } from '@lucie/ledger';
import { recipeNames } from '@lucie/recipes';
import { nearest } from './nearest.ts';

/** Where a model that was named on the command line lies. */
export interface ModelFile {
  name: string;
  gguf: string;
  /** Folder of the recipe's stages, when the model is one of ours. */
  runDir?: string;
}

/** Which file of a release is taken: the middle of the three, as people expect of that name. */
export const DEFAULT_QUANTIZATION = 'Q8_0';

/**
 * Finds the GGUF behind a recipe's name, a folder, a file, or a hub reference that was pulled (`owner/name:Q4_K_M`).
 * @throws LucieError `MODEL_UNKNOWN`, `MODEL_NOT_MADE`, `MODEL_AMBIGUOUS`, `MODEL_NOT_PULLED`
 */
export async function findModel(model: string, quantization = DEFAULT_QUANTIZATION): Promise<ModelFile> {
  if (recipeNames().includes(model)) {
    const runDir = join(runsDir, model);
    const gguf = join(runDir, '07-release', `${model}-${quantization}.gguf`);
    if (!existsSync(gguf)) {
      throw new LucieError({
        code: 'MODEL_NOT_MADE',
        found: `no ${gguf}`,
        expected: 'a finished release with that file',
        todo: existsSync(join(runDir, '07-release'))
          ? 'choose another --quantization (F16, Q8_0, Q4_0)'
          : `make it first: ./lucie make ${model}`,
      });
    }
    return { name: model, gguf, runDir };
  }
  const path = resolve(model);
  if (!existsSync(path)) {
    const { findPulledModel, readModelReference } = await import('@lucie/hub');
    const reference = readModelReference(model);
    if (reference) {
      const { gguf } = findPulledModel(reference, cacheDir);
      return { name: basename(gguf, '.gguf').replace(/-\d{5}-of-\d{5}$/, ''), gguf };
    }
    const near = nearest(model, recipeNames());
    throw new LucieError({
      code: 'MODEL_UNKNOWN',
      found: `neither a recipe nor a file named ${model}`,
      expected: near
        ? `a known recipe, perhaps ${near}`
        : `a recipe (${recipeNames().join(', ')}), a folder, a GGUF file, or owner/name of a hub`,
      todo: 'correct the name',
      exitCode: 2,
    });
  }
  if (!statSync(path).isDirectory()) return { name: basename(path, '.gguf'), gguf: path };
  const files = (await readdir(path)).filter((name) => name.endsWith('.gguf')).sort();
  const chosen = files.length === 1 ? files[0] : files.find((name) => name.endsWith(`-${quantization}.gguf`));
  if (!chosen) {
    throw new LucieError({
      code: 'MODEL_AMBIGUOUS',
      found: files.length === 0 ? `no GGUF file in ${path}` : `${files.join(', ')} in ${path}`,
      expected: `one GGUF file, or one for ${quantization}`,
      todo: 'name the file itself',
    });
  }
  return { name: basename(chosen, '.gguf'), gguf: join(path, chosen) };
}
