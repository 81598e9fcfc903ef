/** Most tokens of a step. */
export const BATCH = 512;

/** Chunks of prompts that are read alone: always the same, since how many go together changes the last bits. */
export const ALONE_BATCH = 32;

/** Sequence ids for kept prefixes, beside those at work; each costs a row of logits in memory. */
export const KEPT_SEQUENCES = 64;

/**
 * Rows from which ggml's attention on a processor works in tiles (`ggml_fa_tile_config::Q` of v0.5.0), with each key
 * read once for 64 rows; below, every row goes through all keys by itself and takes some four times as long. A step is
 * filled up to one tile at most, so memory has as many cells more.
 */
export const TILE = 64;
