import type { Embedder } from '@lucie/retrieval';

/** An embedder that embeds each passage once: the texts of a bench go into several rooms, with an attack here and there. */
export function rememberPassages(embedder: Embedder): Embedder {
  const known = new Map<string, Float32Array>();
  const { longest, tokens } = embedder;
  return {
    name: embedder.name,
    dimension: embedder.dimension,
    ...(longest === undefined ? {} : { longest }),
    ...(tokens ? { tokens: (text) => tokens.call(embedder, text) } : {}),
    embedQuestion: (text, signal) => embedder.embedQuestion(text, signal),
    async embedPassages(texts, signal) {
      const fresh = [...new Set(texts)].filter((text) => !known.has(text));
      const vectors = fresh.length === 0 ? [] : await embedder.embedPassages(fresh, signal);
      for (const [i, text] of fresh.entries()) known.set(text, vectors[i]!);
      return texts.map((text) => known.get(text)!);
    },
  };
}
