import { Random } from '@lucie/ledger';
import type { ReadingExample } from './example.ts';

/**
 * Examples as they are seen: each source as often as its epochs say, a fraction of an epoch being a chance part of it,
 * all mixed.
 */
export function trainingOrder(
  sources: readonly { examples: readonly ReadingExample[]; epochs: number }[],
  seed: number,
): ReadingExample[] {
  const random = new Random(seed, 'reader/order');
  const all = sources.flatMap(({ examples, epochs }) => {
    const wanted = Math.round(examples.length * epochs);
    const seen: ReadingExample[] = [];
    while (seen.length < wanted) seen.push(...random.shuffle([...examples]).slice(0, wanted - seen.length));
    return seen;
  });
  return random.shuffle(all);
}
