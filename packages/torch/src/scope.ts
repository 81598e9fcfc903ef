import { openScopes } from './scope-stack.ts';
import { Tensor } from './tensor.ts';

/**
 * Frees every tensor that was made while it was the innermost scope, except those kept.
 * ```ts
 * using scope = new Scope();
 * const loss = model.loss(ids, targets);   // with all its intermediates freed at the end of the block
 * ```
 * Scopes nest and close in reverse order, which `using` sees to; they do not reach over `await`.
 */
export class Scope implements Disposable {
  readonly #made = new Set<Tensor>();

  constructor() {
    openScopes.push(this.#made);
  }

  /** Lets a tensor outlive this scope: the surrounding scope owns it then, if there is one. */
  keep<T extends Tensor>(tensor: T): T {
    if (this.#made.delete(tensor)) openScopes[openScopes.indexOf(this.#made) - 1]?.add(tensor);
    return tensor;
  }

  [Symbol.dispose](): void {
    const at = openScopes.indexOf(this.#made);
    if (at < 0) return;
    // An inner scope that was never closed (no `using`, or an error in between) ends with this one.
    for (const made of openScopes.splice(at)) for (const tensor of made) tensor.dispose();
  }
}

/**
 * Runs `body` and frees every tensor that it made, except those it returns: a tensor, or arrays, Maps and plain
 * objects of them.
 * @throws TypeError when `body` is asynchronous: other code would run inside its scope
 */
export function scope<T>(body: () => T): T {
  using inner = new Scope();
  const result = body();
  if (result instanceof Promise) throw new TypeError('scope(async …): a scope does not reach over await');
  keepAll(inner, result);
  return result;
}

function keepAll(inner: Scope, value: unknown): void {
  if (value instanceof Tensor) inner.keep(value);
  else if (Array.isArray(value)) for (const item of value) keepAll(inner, item);
  else if (value instanceof Map) for (const item of value.values()) keepAll(inner, item);
  else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    for (const item of Object.values(value)) keepAll(inner, item);
}
