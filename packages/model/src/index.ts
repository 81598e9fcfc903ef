export * from './config.ts';
export * from './flops.ts';
export * from './half.ts';
export * from './llama.ts';
export * from './parameters.ts';
export * from './pretrained.ts';
export * from './safetensors.ts';
export * from './sample.ts';
