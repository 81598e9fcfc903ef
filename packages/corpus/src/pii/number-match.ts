/** A number found at a known place: where it ends, and what it is whatever its spaces. */
export interface NumberMatch {
  end: number;
  value: string;
}
