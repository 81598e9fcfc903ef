import type { Document } from '../../document.ts';
import { Refusal, type Rule } from '../rule.ts';
import { legible } from './legible.ts';

export interface Bounds {
  minimum?: number;
  maximum?: number;
}

/**
 * Refuses what measures less than `minimum` or more than `maximum`; the bounds themselves pass. A document in which
 * there is nothing to measure (undefined) passes. Measures are compared to eight decimals, as the published signals
 * are rounded: three words of ten are 0.3, whatever a division makes of them.
 */
export function boundedRule(
  name: string,
  bounds: Bounds,
  measure: (document: Document) => number | undefined,
): Rule {
  const { minimum = -Infinity, maximum = Infinity } = bounds;
  return {
    name,
    apply(document) {
      const measured = measure(document);
      if (measured === undefined) return document;
      const value = Math.round(measured * 1e8) / 1e8;
      if (value < minimum) return new Refusal(legible(value, '<', minimum));
      return value > maximum ? new Refusal(legible(value, '>', maximum)) : document;
    },
  };
}
