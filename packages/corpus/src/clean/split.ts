import type { Document } from '../document.ts';
import { chance } from './chance.ts';

/**
 * Holds out a fraction of each source by hash of id, at least one document of each source that has two. Duplicates
 * are gone by now: what the rules found of them has no twin on the other side (near-duplicates.ts says how surely).
 */
export function split(
  documents: readonly Document[],
  opts: { seed: number; fraction: (source: string) => number },
): { train: Document[]; heldOut: Document[] } {
  const chances = new Map(
    documents.map((document) => [document.id, chance(document.id, opts.seed, 'held-out')]),
  );
  const out = new Set<Document>();
  const bySource = Map.groupBy(documents, (document) => document.source);
  for (const [source, own] of bySource) {
    const fraction = opts.fraction(source);
    const chosen = own.filter((document) => chances.get(document.id)! < fraction);
    if (chosen.length === 0 && fraction > 0 && own.length > 1)
      chosen.push(own.reduce((a, b) => (chances.get(b.id)! < chances.get(a.id)! ? b : a)));
    for (const document of chosen) out.add(document);
  }
  return {
    train: documents.filter((document) => !out.has(document)),
    heldOut: documents.filter((document) => out.has(document)),
  };
}
