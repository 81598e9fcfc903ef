import type { Format } from '../document.ts';
import { decodeText } from './decode-text.ts';
import { unreadFormat } from './document-error.ts';
import { listMembers } from './docx/zip-archive.ts';

/** Magic bytes of files that teachers try and that are not read, with what to call them. */
const UNREAD: readonly [string, string][] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['II*\0', 'a TIFF picture'],
  ['MM\0*', 'a TIFF picture'],
  ['RIFF', 'a sound, video or WebP file'],
  ['ID3', 'a sound file'],
  ['OggS', 'a sound or video file'],
  ['\x1aE\xdf\xa3', 'a video file'],
  ['\x1f\x8b', 'a gzip archive'],
  ['7z\xbc\xaf', 'a 7z archive'],
  ['Rar!', 'a RAR archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an xz archive'],
  ['%!PS', 'a PostScript file'],
  ['{\\rtf', 'an RTF document'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
  ['SQLite format 3', 'a database'],
];

/** HTML may begin with any of these; other tags first (as `<note>`) are more likely somebody's text. */
const FIRST_TAG =
  /^<(?:!doctype\s+html|html|head|body|title|meta|link|style|script|div|p|h[1-6]|table|ul|ol|article|section|main|header|nav|span|center|font|b|i|em|strong|a|img|br|hr)[\s>/]/i;

/**
 * What a file is, by what it holds: magic bytes, the members of a ZIP, markup. Its name decides only between plain text
 * and Markdown.
 * @throws LucieError DOCUMENT_FORMAT for what is not read, named where it is known; DOCUMENT_BROKEN for a ZIP that is not whole.
 */
export function documentKind(bytes: Uint8Array, name: string): Format {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  // Some programs write a few bytes before it, and every PDF reader accepts that.
  if (head.includes('%PDF-')) return 'pdf';
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return zipKind(bytes);
  if (head.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'))
    throw unreadFormat(
      'an old Office file, or one with a password',
      'save it as DOCX or PDF, without a password',
    );
  for (const [magic, found] of UNREAD) {
    // Letters also begin words: they count only before bytes that no text has.
    if (head.startsWith(magic) && (/^\W/.test(magic) || head.slice(0, 64).includes('\0')))
      throw unreadFormat(found);
  }
  if (/^[a-z-]+: /i.test(head) && /^content-type: multipart\//im.test(head))
    throw unreadFormat('a web archive (MHTML) or a mail', 'save the page as HTML alone, or print it as PDF');
  if (head.slice(4, 8) === 'ftyp') throw unreadFormat('a video or HEIC file');
  return textKind(decodeText(bytes).text, name);
}

function zipKind(bytes: Uint8Array): Format {
  const members = listMembers(bytes);
  const names = new Set(members.map((member) => member.name));
  if (names.has('[Content_Types].xml')) {
    const inFolder = (folder: string) => members.some((member) => member.name.startsWith(folder));
    if (inFolder('word/')) return 'docx';
    if (inFolder('ppt/')) throw unreadFormat('a PowerPoint presentation', 'save it as PDF and add that');
    if (inFolder('xl/')) throw unreadFormat('an Excel workbook', 'save the sheet as PDF and add that');
  }
  if (names.has('META-INF/container.xml')) throw unreadFormat('an EPUB book');
  if (names.has('mimetype')) throw unreadFormat('an OpenDocument file');
  throw unreadFormat('a ZIP archive', 'unpack it and add its documents one by one');
}

function textKind(text: string, name: string): Format {
  const start = text.slice(0, 4096).replace(/^(?:\s|<!--[\s\S]*?-->)+/, '');
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (/^<!doctype\s+html/i.test(start) || /<html[\s>]/i.test(start)) return 'html';
  if (start.startsWith('<?xml')) throw unreadFormat('an XML file');
  if (extension === 'md' || extension === 'markdown') return 'markdown';
  if (FIRST_TAG.test(start) && start.includes('>')) return 'html';
  if (extension === 'txt' || extension === 'text') return 'text';
  return looksLikeMarkdown(text.slice(0, 20_000)) ? 'markdown' : 'text';
}

/** Two of its signs: one alone also occurs in plain text. */
function looksLikeMarkdown(text: string): boolean {
  const signs = [
    /^#{1,6} \S/m,
    /^ {0,3}(?:```|~~~)/m,
    /^\|?(?: *:?-{3,}:? *\|)+ *(?::?-{3,}:? *)?$/m,
    /\[[^[\]\n]+\]\([^()\s]+\)/,
    /\*\*[^*\s][^*\n]*\*\*/,
    /^> \S/m,
  ];
  return signs.filter((sign) => sign.test(text)).length >= 2;
}
