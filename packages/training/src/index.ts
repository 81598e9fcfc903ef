export * from './batch.ts';
export * from './checkpoint.ts';
export * from './metrics.ts';
export * from './order.ts';
export * from './schedule.ts';
export * from './shards/format.ts';
export * from './shards/reader.ts';
export * from './shards/writer.ts';
