import type { ChatModel, ServedModel } from './chat-model.ts';
import { type Gate, gateLabel } from './gate.ts';

/** A model that is in memory for as long as the server runs. */
export function fixedModel(name: string, engine: ChatModel, gate: Gate | null = null): ServedModel {
  return {
    name,
    gate,
    label: gateLabel(gate),
    contextSize: engine.contextSize,
    use: async () => ({ engine, [Symbol.dispose]() {} }),
  };
}

/** Where models are taken from that come and go; `ModelPool` of `@lucie/inference` is one. */
interface Pool {
  use(name: string, signal?: AbortSignal): Promise<{ engine: ChatModel } & Disposable>;
}

/** A model that a pool loads when it is asked for. */
export function pooledModel(
  pool: Pool,
  model: { name: string; contextSize: number; gate: Gate | null },
): ServedModel {
  return { ...model, label: gateLabel(model.gate), use: (signal) => pool.use(model.name, signal) };
}
