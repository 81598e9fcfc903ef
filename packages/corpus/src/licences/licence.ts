/** What a licence lets us do, in the six questions that matter for a model and for a corpus that is passed on. */
export interface Freedoms {
  /** A model may be trained on the text and given away. */
  mayTrain: boolean;
  /** The source must be named wherever the text, or a work made from it, is shown. */
  attribution: boolean;
  /** A corpus that contains the text must carry the same licence. */
  shareAlike: boolean;
  commercial: boolean;
  /** The text itself may be passed on, e.g. inside a published corpus. */
  redistribute: boolean;
  /** A changed text may be passed on too: cleaned, cut, translated. */
  modify: boolean;
}

export interface Licence extends Freedoms {
  name: string;
  /** Where its own publisher keeps the wording. */
  url: string;
}

/** Nothing is asked: public domain and its like. */
export const free: Freedoms = {
  mayTrain: true,
  attribution: false,
  shareAlike: false,
  commercial: true,
  redistribute: true,
  modify: true,
};

/** The source is named; everything else is free. */
export const attributed: Freedoms = { ...free, attribution: true };

/** What is made from the text and passed on carries the same licence. */
export const copyleft: Freedoms = { ...attributed, shareAlike: true };

/** Licences of one family: all have the same freedoms. */
export function family(
  freedoms: Freedoms,
  members: Readonly<Record<string, readonly [name: string, url: string]>>,
): Record<string, Licence> {
  return Object.fromEntries(
    Object.entries(members).map(([id, [name, url]]) => [id, { name, url, ...freedoms }]),
  );
}
