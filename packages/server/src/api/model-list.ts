import { ApiError } from './api-error.ts';
import type { ServedModel } from './chat-model.ts';

/** The served models by name. */
export class ModelList {
  #models = new Map<string, ServedModel>();
  #created = Math.floor(Date.now() / 1000);

  constructor(models: ServedModel[]) {
    for (const model of models) this.#models.set(model.name, model);
  }

  get names(): string[] {
    return [...this.#models.keys()];
  }

  /** @throws ApiError 404 `model_not_found`, with the names there are */
  get(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model) return model;
    throw new ApiError({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      message: `The model "${name.slice(0, 100)}" is not served here; expected one of: ${this.names.join(', ')}.`,
    });
  }

  /** OpenAI's model object; `label`, `context_length` and `gate` are ours. */
  describe(name: string): object {
    const { contextSize, gate, label } = this.get(name);
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
