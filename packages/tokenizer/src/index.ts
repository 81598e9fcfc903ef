export * from './chat-template.ts';
export * from './decode-stream.ts';
export * from './gguf-vocabulary.ts';
export { type PreTokenizerName, preTokenizerNames } from './pre-tokenizers.ts';
export * from './tokenizer.ts';
export * from './tokenizer-config.ts';
export { formatTokenizerJson } from './tokenizer-json.ts';
export * from './train-tokenizer.ts';
