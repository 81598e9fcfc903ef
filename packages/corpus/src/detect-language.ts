import { eld } from 'eld/medium';

/** The most probable language of a text as an ISO 639-1 code; empty when nothing can be told. */
export function detectLanguage(text: string): string {
  return eld.detect(text).language;
}
