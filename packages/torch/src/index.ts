export * from './dtype.ts';
export * from './engine.ts';
export * as ops from './generated/operators.ts';
export * from './generator.ts';
export * from './scope.ts';
export { ensureAddon } from './setup/addon.ts';
export { ensureLibtorch, type Libtorch } from './setup/libtorch.ts';
export * from './tensor.ts';
