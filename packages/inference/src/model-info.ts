import { chatTemplateOf } from './chat/chat-prompt.ts';
import type { GgufHeader, GgufValue } from './gguf/gguf-file.ts';
import type { Vocabulary } from './native/vocabulary.ts';

/** What the file says about its model. */
export interface ModelInfo {
  name: string;
  architecture: string;
  /** Tokens that the model was trained for. */
  contextLength: number;
  vocabSize: number;
  parameters: number;
  bos: number | undefined;
  eos: number | undefined;
  eot: number | undefined;
  /** Tokens that end a generation. */
  stopIds: number[];
  /** Jinja text; undefined for a model that does not chat. */
  chatTemplate: string | undefined;
  /** Every scalar of the file under its GGUF key, our own `lucie.*` among them. */
  metadata: ReadonlyMap<string, GgufValue>;
}

/** @param contextLength - tokens that the model was trained for, as llama.cpp understands the file */
export function modelInfo(header: GgufHeader, vocabulary: Vocabulary, contextLength: number): ModelInfo {
  const text = (key: string) => {
    const value = header.metadata.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    name: text('general.name') ?? 'model',
    architecture: text('general.architecture') ?? 'unknown',
    contextLength,
    vocabSize: vocabulary.size,
    parameters: header.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    bos: vocabulary.bos,
    eos: vocabulary.eos,
    eot: vocabulary.eot,
    stopIds: [...vocabulary.stopIds],
    chatTemplate: chatTemplateOf(header.metadata),
    metadata: new Map([...header.metadata].filter(([, value]) => !Array.isArray(value))),
  };
}
