import { SaxesParser } from 'saxes';
import { broken } from '../document-error.ts';

/** Deeper than any office document, which has some 60 with tables in text boxes in tables. */
const DEEPEST = 500;
const CHUNK = 2 ** 16;

export interface XmlElement {
  name: string;
  /** By local name; only those of the element's own namespace or of none, so that no other can pass for them. */
  attributes: Map<string, string>;
}

export interface XmlHandlers {
  open?(element: XmlElement): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Prefixes as office documents are written about; transitional and strict documents name the same things. */
const PREFIXES: readonly [RegExp, string][] = [
  [/\/wordprocessingml\/(?:2006\/)?main$/, 'w'],
  [/\/officeDocument\/(?:2006\/)?math$/, 'm'],
  [/\/drawingml\/(?:2006\/)?wordprocessingDrawing$/, 'wp'],
  [/\/drawingml\/(?:2006\/)?main$/, 'a'],
  [/\/drawingml\/(?:2006\/)?picture$/, 'pic'],
  [/markup-compatibility\/2006$/, 'mc'],
  [/^urn:schemas-microsoft-com:vml$/, 'v'],
];

/**
 * Reads XML in pieces: UTF-8, or UTF-16 with a byte order mark. Element names come as `w:p`, whatever prefixes the file
 * uses; those of namespaces not listed above as `:name`.
 * @throws LucieError DOCUMENT_BROKEN when it is not well-formed, has a DOCTYPE (which could define entities), or is too deep.
 */
export function readXml(bytes: Uint8Array, part: string, handlers: XmlHandlers): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const prefixes = new Map<string, string>();
  const shortName = (uri: string, local: string): string => {
    let prefix = prefixes.get(uri);
    if (prefix === undefined) {
      prefix = PREFIXES.find(([namespace]) => namespace.test(uri))?.[1] ?? '';
      prefixes.set(uri, prefix);
    }
    return `${prefix}:${local}`;
  };
  let depth = 0;
  parser.on('doctype', () => {
    throw broken(`a part ${part} with a DOCTYPE, which no office document has`);
  });
  parser.on('error', (error) => {
    throw broken(`a part ${part} that is not well-formed XML`, error);
  });
  parser.on('opentag', (tag) => {
    if (++depth > DEEPEST) throw broken(`a part ${part} of more than ${DEEPEST} levels`);
    const attributes = new Map<string, string>();
    for (const { uri, local, prefix, value } of Object.values(tag.attributes)) {
      if (prefix !== 'xmlns' && (uri === '' || uri === tag.uri)) attributes.set(local, value);
    }
    handlers.open?.({ name: shortName(tag.uri, tag.local), attributes });
  });
  parser.on('closetag', (tag) => {
    depth--;
    handlers.close?.(shortName(tag.uri, tag.local));
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));

  const decoder = new TextDecoder(encodingOf(bytes), { fatal: true });
  for (let at = 0; at < bytes.length; at += CHUNK) {
    parser.write(decodePiece(decoder, bytes.subarray(at, at + CHUNK), part));
  }
  parser.write(decodePiece(decoder, undefined, part)).close();
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function decodePiece(decoder: TextDecoder, piece: Uint8Array | undefined, part: string): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch (error) {
    throw broken(`a part ${part} with characters that are not of its encoding`, error);
  }
}
