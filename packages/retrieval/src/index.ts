export type { AnswerSentence, Citation, GroundedAnswer } from './citation.ts';
export type { Block, Box, Format, HiddenText, Hiding, Page, ParsedDocument } from './document.ts';
export type { Embedder } from './embedder.ts';
export type { Hit, Passage } from './passage.ts';
