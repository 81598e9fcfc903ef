import { type CorpusInput, type CorpusStageOptions, corpusOptions, corpusStage } from '@lucie/corpus';
import { type EvaluationOptionsInput, evaluationOptionsShape, evaluationStage } from '@lucie/evaluation';
import type { Stage } from '@lucie/ledger';
import { type ReleaseOptionsInput, releaseOptionsShape, releaseStage } from '@lucie/release';
import { tokenizerOptions, tokenizerStage } from '@lucie/tokenizer';
import {
  type BaseOptions,
  baseOptionsShape,
  baseStage,
  type InstructOptions,
  instructOptionsShape,
  instructStage,
  tokensOptionsShape,
  tokensStage,
} from '@lucie/training';
import { z } from 'zod';

/** The whole story of a model, as it is written in a recipe; what is left out has the default of its stage. */
export interface Recipe {
  name: string;
  /** One sentence: what comes out, on what machine, in what time. */
  description: string;
  corpus: CorpusInput;
  tokenizer: z.input<typeof tokenizerOptions>;
  tokens: z.input<typeof tokensOptionsShape>;
  base: BaseOptions;
  instruct: InstructOptions;
  evaluation: EvaluationOptionsInput;
  release: ReleaseOptionsInput;
}

const recipeShape = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  description: z.string(),
  corpus: corpusOptions,
  tokenizer: tokenizerOptions,
  tokens: tokensOptionsShape,
  base: baseOptionsShape,
  instruct: instructOptionsShape,
  evaluation: evaluationOptionsShape,
  release: releaseOptionsShape,
});

/** A recipe with every default in its place. */
export type ResolvedRecipe = z.output<typeof recipeShape>;

/** @throws ZodError when an option has the wrong type or lies outside its range */
export function resolveRecipe(recipe: Recipe | ResolvedRecipe): ResolvedRecipe {
  return recipeShape.parse(recipe);
}

/**
 * The recipe's stages, in the order in which they run.
 * @param machine - what a stage may ask of this machine; nothing of it changes what comes out
 */
export function stagesOf(recipe: ResolvedRecipe, machine: { corpus?: CorpusStageOptions } = {}): Stage[] {
  return [
    corpusStage(recipe.corpus, { name: recipe.name, ...machine.corpus }),
    tokenizerStage(recipe.tokenizer),
    tokensStage(recipe.tokens),
    baseStage(recipe.base),
    instructStage(recipe.instruct),
    evaluationStage(recipe.evaluation),
    releaseStage(recipe.release),
  ];
}

export type StagesOf = typeof stagesOf;
