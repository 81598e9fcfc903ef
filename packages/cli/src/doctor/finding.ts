/** One thing that was looked at: whether it is fit, and what was seen. */
export interface Finding {
  name: string;
  ok: boolean;
  seen: string;
  /** What needs it, said when it is missing. */
  needed: string;
}
