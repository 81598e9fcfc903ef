/** Of all draws of this bench: the same figures on every machine. */
export const SEED = 6;
