import type { ReadOptions } from '../source.ts';
import type { FileSource, Limits } from './options.ts';

/** One file that is being read, and for whom. */
export interface FileReading extends ReadOptions {
  path: string;
  /** What begins the keys of its documents and complaints. */
  key: string;
  source: FileSource;
  limits: Limits;
}
