/** What a passage is to a question. */
export type Label = 'answers' | 'contradicts' | 'neither';

/** A question with passages of every kind: what the reader learns from. */
export interface ReadingExample {
  /** The texts that it is about: held out together. */
  group: string;
  question: string;
  /** The same question as a pupil types it on a phone, where somebody has written that down. */
  pupil?: string;
  passages: { text: string; label: Label }[];
}
