import type { Room } from '@lucie/retrieval';

type Retrieval = typeof import('@lucie/retrieval');

/** What rooms need of `@lucie/retrieval`. */
export type Grounding = Pick<Retrieval, 'parseDocument' | 'answerQuestion' | 'answerWithModel'> & {
  Room: { open: (typeof Room)['open']; erase: (typeof Room)['erase'] };
};

/** Loaded with the first room: a server without one needs neither its readers of documents nor its vectors. */
export function loadGrounding(): Promise<Grounding> {
  return import('@lucie/retrieval');
}
