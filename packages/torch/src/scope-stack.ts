import type { Tensor } from './tensor.ts';

/** The tensors of each open scope, outermost first. Apart from `scope.ts` so that tensors can enter themselves. */
export const openScopes: Set<Tensor>[] = [];
