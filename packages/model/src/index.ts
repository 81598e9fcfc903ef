export * from './config.ts';
export * from './flops.ts';
export * from './half.ts';
export * from './parameters.ts';
export * from './safetensors.ts';
