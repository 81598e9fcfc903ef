import type { ErrorName } from './room-texts.ts';

/** What the server says, by its own names; a name is stable where a sentence is not. */
const BY_CODE = new Map<string, ErrorName>([
  ['document_format', 'document_format'],
  ['document_broken', 'document_broken'],
  ['document_too_large', 'document_too_large'],
  ['document_too_slow', 'document_too_slow'],
  ['document_empty', 'document_empty'],
  ['document_not_found', 'document_missing'],
  ['context_length_exceeded', 'question_too_long'],
  ['page_not_found', 'document_missing'],
  ['room_not_found', 'room_missing'],
  ['room_broken', 'room_damaged'],
  ['room_not_a_room', 'room_damaged'],
  ['room_too_new', 'room_too_new'],
  ['room_full', 'room_full'],
  ['too_many_rooms', 'too_many_rooms'],
  ['upload_stalled', 'unreachable'],
  ['storage_failed', 'storage_failed'],
  ['rooms_folder', 'storage_failed'],
  ['rooms_not_kept', 'rooms_off'],
  ['file_missing', 'document_empty'],
  ['body_too_large', 'document_too_large'],
  ['disk_full', 'disk_full'],
  ['cancelled', 'unreachable'],
  ['unreachable', 'unreachable'],
  ['stopping', 'unreachable'],
]);

const BY_STATUS = new Map<number, ErrorName>([
  [401, 'key_needed'],
  [403, 'key_needed'],
  [413, 'document_too_large'],
  [415, 'document_format'],
  [429, 'busy'],
  [503, 'busy'],
  [507, 'disk_full'],
]);

/**
 * Which sentence explains what went wrong: the server's code says more than the status, the status more than nothing.
 * @param status - of HTTP; 0 when no answer came at all
 */
export function errorName(code: string | undefined, status: number): ErrorName {
  if (status === 0 && code === undefined) return 'unreachable';
  return (code && BY_CODE.get(code.toLowerCase())) || BY_STATUS.get(status) || 'failed';
}
