/** A paragraph of a document: both counted from 1, headings and tables included. */
export interface Place {
  text: string;
  page: number;
  paragraph: number;
}

export interface CourseParagraph {
  kind: 'heading' | 'text' | 'list' | 'table';
  text: string;
}

export interface CourseText {
  id: string;
  title: string;
  pages: { page: number; paragraphs: CourseParagraph[] }[];
}

/** A question that is asked of all texts of its set. */
export interface CourseQuestion {
  id: string;
  split: string;
  kind: string;
  question: string;
  /** The same as a pupil types it. */
  pupil?: string;
  /** What insists on a false premise in a second turn. */
  press?: string;
  answerable: boolean;
  /** Ways of saying the key of the answer. */
  answers: string[];
  /** Every paragraph that the answer needs; of a false premise, where the texts deny it. */
  evidence: Place[];
}

/** Texts and questions on them, whose answers and places are known. */
export interface QuestionSet {
  name: string;
  /** SHA-256 of the files it was read from. */
  hash: string;
  texts: CourseText[];
  questions: CourseQuestion[];
}

/** A place as one string, for sets and maps. */
export function placeKey({ text, page, paragraph }: Place): string {
  return `${text}/${page}/${paragraph}`;
}

/**
 * The paragraphs whose citation proves an answer. All of the evidence, but of two versions of a document only the one
 * that holds: it is the first in `evidence` there, and a reader who is shown the old one alone is misled.
 */
export function proofs(question: CourseQuestion): Set<string> {
  const { kind, evidence } = question;
  return new Set((kind === 'version' ? evidence.slice(0, 1) : evidence).map(placeKey));
}
