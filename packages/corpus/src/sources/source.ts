import type { Document } from '../document.ts';

/**
 * Where documents come from. Every kind of source (an npm or Debian package, a folder of files, a dataset of the hub)
 * is opened into this, and one conformance suite holds them all to it.
 */
export interface Source {
  /** Short name, usable as a file name, unique in a recipe. */
  source: string;
  /** What identifies it in manifests: package, version, integrity, or the folder and its hash. */
  origin: Record<string, string>;
  /** The line that names it wherever that is due. */
  attribution: string;
  homepage: string;
  /** Its independently readable parts (files, mostly) in a fixed order: the units in which the work is shared. Empty where `absent` is set. */
  inputs(): Promise<SourceInput[]>;
  /** Why it is left out here, e.g. a Debian package off Debian; undefined where it is not. */
  absent?: string;
  /**
   * The documents of one part, in a fixed order. What is no document is a complaint; only what makes the whole part
   * unreadable is thrown, as a LucieError.
   */
  read(input: SourceInput, opts: ReadOptions): AsyncGenerator<Document>;
}

export interface SourceInput {
  /** Unique in the source: a path inside it. */
  name: string;
  /** Size where it lies, for progress; 0 where nobody knows. */
  bytes: number;
  /** What decides the content: a hash, or a version. */
  integrity: string;
  /** What the ids of its documents begin with, where its neighbours decide that too. */
  key?: string;
}

export interface ReadOptions {
  complain: Complain;
  /** Told the bytes of the part read so far. */
  onBytes(bytes: number): void;
  signal: AbortSignal;
}

/**
 * Tells of a part of a source that is no document, or one that its owner keeps from us. It is counted and kept as a
 * rejected document without text. Who may have many of them awaits what comes back: until then they lie in
 * memory.
 */
export type Complain = (what: {
  /** Unique in the source. */
  key: string;
  why: string;
  /** `unreadable` when absent. */
  rule?: 'unreadable' | 'robots' | 'tdm-reservation' | 'noai';
  url?: string;
}) => unknown;
