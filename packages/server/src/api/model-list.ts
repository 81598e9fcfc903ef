import { ApiError } from './api-error.ts';
import type { ServedModel } from './chat-model.ts';

/** The served models by name. */
export class ModelList {
  #models = new Map<string, ServedModel>();
  #created = Math.floor(Date.now() / 1000);

  constructor(models: ServedModel[]) {
    for (const model of models) this.#models.set(model.name, model);
  }

  /** In the order in which they were named. */
  all(): ServedModel[] {
    return [...this.#models.values()];
  }

  /** @param allowed - the only ones that may be seen; undefined: all */
  names(allowed?: readonly string[]): string[] {
    return [...this.#models.keys()].filter((name) => !allowed || allowed.includes(name));
  }

  /**
   * @param allowed - as for `names`; of others nothing is told, not even whether they are there
   * @throws ApiError 404 `model_not_found` with the names there are, 403 `model_not_allowed`
   */
  get(name: string, allowed?: readonly string[]): ServedModel {
    if (allowed && !allowed.includes(name)) {
      throw new ApiError({
        status: 403,
        code: 'model_not_allowed',
        param: 'model',
        message: `This key is for ${allowed.join(', ')}; ask for one of these, or ask the operator for a key for this model.`,
      });
    }
    const model = this.#models.get(name);
    if (model) return model;
    throw new ApiError({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      message: `The model "${name.slice(0, 100)}" is not served here; expected one of: ${this.names(allowed).join(', ')}.`,
    });
  }

  /** OpenAI's model object; `label`, `context_length` and `gate` are ours. */
  describe(name: string, allowed?: readonly string[]): object {
    const { contextSize, gate, label } = this.get(name, allowed);
    return {
      id: name,
      object: 'model',
      created: this.#created,
      owned_by: 'lucie',
      label,
      context_length: contextSize,
      gate,
    };
  }
}
