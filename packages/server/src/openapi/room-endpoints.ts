import { answerFromRoom } from '../rooms/answer-route.ts';
import {
  documentFile,
  listDocuments,
  removeDocument,
  showDocument,
  showPage,
} from '../rooms/document-routes.ts';
import { addDocument } from '../rooms/ingest-route.ts';
import { createRoom, eraseRoom, exportRoom, listRooms, showRoom } from '../rooms/room-routes.ts';
import {
  answerChunk,
  answerRequest,
  answerResponse,
  documentAdded,
  documentContent,
  documentDeleted,
  documentListResponse,
  pageResponse,
  roomDeleted,
  roomListResponse,
  roomObject,
  roomRequest,
  searchRequest,
  searchResponse,
} from '../rooms/room-shapes.ts';
import { searchRoom } from '../rooms/search-route.ts';
import type { Endpoint } from './endpoints.ts';

/** Rooms: a teacher's documents, and answers from them with proof. */
export const roomEndpoints: readonly Endpoint[] = [
  {
    method: 'get',
    path: '/v1/rooms',
    scope: 'rooms',
    summary: 'The rooms that open to whoever asks.',
    answer: roomListResponse,
    handler: listRooms,
  },
  {
    method: 'post',
    path: '/v1/rooms',
    scope: 'documents',
    summary: 'Make a room.',
    body: roomRequest,
    answer: roomObject,
    handler: createRoom,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}',
    scope: 'rooms',
    summary: 'One room.',
    answer: roomObject,
    handler: showRoom,
  },
  {
    method: 'delete',
    path: '/v1/rooms/{room}',
    scope: 'documents',
    summary: 'Erase a room with all its documents: its files are gone when this answers.',
    answer: roomDeleted,
    handler: eraseRoom,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}/export',
    scope: 'documents',
    summary: 'The whole room as one SQLite file, which another server reads from its folder of rooms.',
    handler: exportRoom,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}/documents',
    scope: 'rooms',
    summary: 'The documents of a room.',
    answer: documentListResponse,
    handler: listDocuments,
  },
  {
    method: 'post',
    path: '/v1/rooms/{room}/documents',
    scope: 'documents',
    summary:
      'Add a document (PDF, DOCX, HTML, Markdown, text), at most 32 MiB; one that is there already stays once.',
    upload: true,
    answer: documentAdded,
    handler: addDocument,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}/documents/{document}',
    scope: 'rooms',
    summary: 'A document as it was read: pages, paragraphs, where they stand, and what was hidden in it.',
    answer: documentContent,
    handler: showDocument,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}/documents/{document}/pages/{page}',
    scope: 'rooms',
    summary: 'One page of a document, as a proof shows it.',
    answer: pageResponse,
    handler: showPage,
  },
  {
    method: 'delete',
    path: '/v1/rooms/{room}/documents/{document}',
    scope: 'documents',
    summary: 'Remove a document.',
    answer: documentDeleted,
    handler: removeDocument,
  },
  {
    method: 'get',
    path: '/v1/rooms/{room}/documents/{document}/file',
    scope: 'rooms',
    summary: 'The file of a document, as it was sent.',
    handler: documentFile,
  },
  {
    method: 'post',
    path: '/v1/rooms/{room}/search',
    scope: 'rooms',
    summary: 'The passages nearest to a question.',
    body: searchRequest,
    answer: searchResponse,
    handler: searchRoom,
  },
  {
    method: 'post',
    path: '/v1/rooms/{room}/answer',
    scope: 'rooms',
    summary:
      'Answer a question from the documents, each sentence with its proof, or say that they are silent.',
    body: answerRequest,
    answer: answerResponse,
    chunk: answerChunk,
    handler: answerFromRoom,
  },
];
