import { sha256 } from '@lucie/ledger';
import { decodeEntities } from '../../text/entities.ts';
import { type Messages, readMessages } from '../../text/gettext.ts';
import { tidyLine } from '../../text/text-blocks.ts';
import type { Entry } from '../adapter.ts';
import { dateOf, type Kind } from './kind.ts';

/**
 * Long messages of `.mo` files, each a document: help, stories, descriptions that read by themselves. Short ones are
 * labels of buttons. Files keep messages in the order of their English originals, so nothing else holds them together.
 */
export function gettextMessages(opts: {
  /** With groups `language` and `domain`. */
  files: RegExp;
  languages: readonly string[];
  /** Characters of a message at least. */
  minimum: number;
}): Kind {
  const place = (path: string) => opts.files.exec(path)?.groups;
  return {
    wants: (path) => opts.languages.includes(place(path)?.language ?? ''),
    async *read(entries, complain) {
      for await (const entry of entries) {
        const { language = '', domain = '' } = place(entry.path)!;
        const messages = messagesOf(entry, complain);
        for (const [original, translation] of messages) {
          const text = readableMessage(translation);
          if (text.length < opts.minimum || translation === original) continue;
          yield {
            key: `${domain}/${language}/${sha256(original).slice(0, 16)}`,
            title: '',
            text,
            language,
            date: dateOf(entry),
            url: '',
          };
        }
      }
    },
  };
}

export function messagesOf(entry: Entry, complain: (key: string, why: string) => void): Messages {
  try {
    return readMessages(entry.bytes);
  } catch (error) {
    complain(entry.path, `not a .mo file: ${(error as Error).message.slice(0, 120)}`);
    return new Map();
  }
}

/** A message as one reads it: no context, no tags; lines run on but where the next one begins an item or a new thought. */
export function readableMessage(message: string): string {
  return decodeEntities(
    message
      .replace(/^[\w .#-]{1,60}\^/, '')
      .replace(/<\/?[a-z][^<>]{0,200}>/gi, ' ')
      .replace(/\\n/g, '\n'),
  )
    .split(/\n[ \t]*\n/)
    .map((paragraph) =>
      paragraph
        .split(/\n(?=[ \t]*[-*•] )|(?<=[.:;!?])[ \t]*\n(?=\s*\S)|\n(?= )/)
        .map((line) =>
          tidyLine(line)
            .replace(/ ([,.…)])/g, '$1')
            .replace(/^[*•] /, '- '),
        )
        .filter(Boolean)
        .join('\n'),
    )
    .filter(Boolean)
    .join('\n\n');
}
