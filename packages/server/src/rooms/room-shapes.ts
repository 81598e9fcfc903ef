import { z } from '@hono/zod-openapi';
import { someText, text } from '../api/sampling-fields.ts';

/** What the routes of rooms take and give; tests hold the answers themselves against it. */

/** Longest question, in characters: a page of text, more than anybody asks. */
export const MAX_QUESTION = 4000;
/** Most earlier turns that a question may come after. */
export const MAX_TURNS = 50;

const count = z.int().min(0);
const question = someText(MAX_QUESTION).refine((value) => value.trim() !== '', {
  error: 'expected a question, found white space',
});

export const roomRequest = z
  .looseObject({
    name: someText(200)
      .refine((value) => value.trim() !== '', { error: 'expected a name, found white space' })
      .openapi({ description: 'For people; need not be unique.' }),
  })
  .openapi('RoomRequest');

export const searchRequest = z
  .looseObject({
    question,
    limit: z
      .int({ error: 'expected a whole number from 1 to 50' })
      .min(1, { error: 'expected a whole number from 1 to 50' })
      .max(50, { error: 'expected a whole number from 1 to 50' })
      .nullish(),
    method: z
      .enum(['bm25', 'bm25-french', 'dense', 'hybrid'], {
        error: 'expected "bm25", "bm25-french", "dense" or "hybrid"',
      })
      .nullish()
      .openapi({ description: 'Default: hybrid, or bm25-french where nothing makes vectors.' }),
  })
  .openapi('RoomSearchRequest');

export const answerRequest = z
  .looseObject({
    question,
    history: z
      .array(z.object({ role: z.enum(['user', 'assistant']), text }), { error: 'expected a list of turns' })
      .max(MAX_TURNS, { error: `expected at most ${MAX_TURNS} turns` })
      .nullish()
      .openapi({ description: 'What was said before, the oldest first.' }),
    stream: z.boolean({ error: 'expected true or false' }).nullish(),
  })
  .openapi('RoomAnswerRequest');

const searches = z.enum(['words', 'words-and-meaning']);
const methods = z.enum(['extractive', 'generative']);

export const roomObject = z
  .object({
    id: z.string(),
    object: z.literal('room'),
    name: z.string(),
    created: z.int(),
    model: z.string().openapi({ description: 'Its name as a model of /v1/chat/completions.' }),
    search: searches.openapi({
      description: 'What a question is compared with: words alone, or meaning too.',
    }),
    answers: methods.openapi({
      description: 'Quotes alone, or also sentences of a model that was found fit for questions on a course.',
    }),
    problem: z.enum(['room_broken', 'room_not_a_room', 'room_too_new']).optional().openapi({
      description:
        'In the list, of a room whose file cannot be read: it can only be erased. Its name is its id.',
    }),
  })
  .openapi('Room');

export const roomListResponse = z
  .object({ object: z.literal('list'), data: z.array(roomObject) })
  .openapi('RoomList');

export const roomDeleted = z
  .object({ id: z.string(), object: z.literal('room.deleted'), deleted: z.literal(true) })
  .openapi('RoomDeleted');

const documentFields = {
  id: count,
  object: z.literal('room.document'),
  name: z.string().openapi({ description: "The file's name, as it was sent." }),
  title: z.string(),
  format: z.enum(['pdf', 'docx', 'html', 'markdown', 'text']),
  bytes: count,
  sha256: z.string(),
  pages: count,
  passages: count,
  hidden: count.openapi({ description: 'Texts that are in the file and that no reader of the page sees.' }),
  scanned_pages: z.array(count).openapi({ description: 'Pages that are pictures: nothing of them is read.' }),
  warnings: z.array(z.string()),
  added: z.int().openapi({ description: 'Seconds since 1970.' }),
};

export const documentObject = z.object(documentFields).openapi('RoomDocument');

export const documentAdded = z
  .object({
    ...documentFields,
    duplicate: z.boolean().openapi({ description: 'True for a document that the room had already.' }),
  })
  .openapi('RoomDocumentAdded');

export const documentListResponse = z
  .object({ object: z.literal('list'), data: z.array(documentObject) })
  .openapi('RoomDocumentList');

export const documentDeleted = z
  .object({ id: count, object: z.literal('room.document.deleted'), deleted: z.literal(true) })
  .openapi('RoomDocumentDeleted');

const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const boxes = z.array(box).optional().openapi({
  description: 'One per line of print, in fractions of the page from its upper left corner.',
});

const block = z.object({
  kind: z.enum(['heading', 'text', 'list', 'table']),
  text: z.string(),
  level: count.optional(),
  boxes,
  starts: z
    .array(count)
    .optional()
    .openapi({ description: 'The character of the text with which the line of each box begins.' }),
});

const page = z.object({
  page: count,
  scanned: z.boolean(),
  blocks: z.array(block).openapi({ description: 'Paragraphs: the first is number 1.' }),
  width: z.number().optional().openapi({ description: 'Of the sheet, in points, where the file tells.' }),
  height: z.number().optional(),
});

export const pageResponse = z
  .object({
    object: z.literal('room.page'),
    document: count,
    title: z.string(),
    pages: count.openapi({ description: 'How many the document has.' }),
    ...page.shape,
  })
  .openapi('RoomPage');

export const documentContent = z
  .object({
    ...documentFields,
    content: z.object({
      pages: z.array(page),
      hidden: z
        .array(
          z.object({
            why: z.enum(['colour', 'size', 'off-page', 'invisible', 'metadata', 'comment', 'alternative']),
            text: z.string(),
            page: count.optional(),
          }),
        )
        .openapi({ description: 'Never searched, never quoted.' }),
    }),
  })
  .openapi('RoomDocumentContent');

const passageFields = {
  document: count,
  title: z.string(),
  page: count,
  paragraph: count,
  start: count.openapi({ description: 'First character of the paragraph, in UTF-16 units.' }),
  end: count,
};

export const hitShape = z
  .object({
    ...passageFields,
    id: count,
    kind: z.enum(['heading', 'text', 'list', 'table']),
    text: z.string(),
    headings: z.array(z.string()),
    score: z.number().openapi({ description: 'Larger is better; comparable within one search alone.' }),
    lexical: z.number().optional(),
    dense: z.number().optional(),
  })
  .openapi('RoomHit');

export const searchResponse = z
  .object({ object: z.literal('list'), search: searches, data: z.array(hitShape) })
  .openapi('RoomSearchResponse');

const citation = z
  .object({ ...passageFields, quote: z.string().openapi({ description: 'The words themselves.' }), boxes })
  .openapi('Citation', {
    description: 'Where a sentence comes from: what the search found, never what a model wrote.',
  });

const sentence = z.object({ text: z.string(), citations: z.array(citation) });

const refusalFields = {
  reason: z.enum(['silent', 'unsupported', 'premise']).openapi({
    description: 'Nothing near enough; no proof for what a model wrote; the documents say otherwise.',
  }),
  looked_for: z.array(z.string()),
  nearest: z.array(hitShape),
};

const superseded = z
  .array(z.object({ document: count, title: z.string(), by: count }))
  .openapi({ description: 'Documents that say otherwise, and which one quoted here replaces each.' });

const answerObject = z.object({
  object: z.literal('room.answer'),
  kind: z.literal('answer'),
  method: methods,
  search: searches,
  confidence: z.number(),
  text: z.string(),
  sentences: z.array(sentence),
  superseded,
});

const refusalObject = z.object({
  object: z.literal('room.answer'),
  kind: z.literal('refusal'),
  method: methods,
  search: searches,
  confidence: z.number(),
  text: z.string().openapi({ description: 'The refusal in words for people.' }),
  ...refusalFields,
});

export const answerResponse = z.union([answerObject, refusalObject]).openapi('RoomAnswer');

export const answerChunk = z
  .union([
    z.object({ object: z.literal('room.answer.sentence'), ...sentence.shape }),
    answerObject,
    refusalObject,
  ])
  .openapi('RoomAnswerChunk', {
    description: 'Sentences as they come; at the end the whole answer, or a refusal.',
  });

/** `annotations` of a chat message, in OpenAI's shape; indices are those of JavaScript's `slice`. */
export const annotationShape = z
  .object({
    type: z.literal('url_citation'),
    url_citation: z.object({ start_index: count, end_index: count, title: z.string(), url: z.string() }),
  })
  .openapi('UrlCitation');

/** `lucie` of a room's answer in chat. */
export const roomLucieFields = {
  method: methods.optional(),
  search: searches.optional(),
  confidence: z.number().optional(),
  citations: z
    .array(
      citation.extend({ annotation: count.openapi({ description: 'Its place among the annotations.' }) }),
    )
    .optional()
    .openapi({ description: 'Of a room: the proof, beside its annotations.' }),
  superseded: superseded.optional(),
  refusal: z.object(refusalFields).optional().openapi({ description: 'Of a room: why it does not answer.' }),
};
