/** Kinds of personal data that are found, in the order in which they are looked for: of two that overlap the first stays. */
export const piiKinds = ['email', 'iban', 'ip', 'nir', 'siret', 'card', 'phone', 'siren'] as const;
export type PiiKind = (typeof piiKinds)[number];

/** A place in a text that holds personal data. */
export interface PiiMatch {
  kind: PiiKind;
  /** UTF-16 offsets, end exclusive. */
  start: number;
  end: number;
  /** The same for every way of writing the same thing: the key of its pseudonym. */
  value: string;
}
