import type { DocumentBuilder } from '../document-builder.ts';
import { isMetadataText } from '../metadata-text.ts';
import { readXml } from './xml-events.ts';
import type { ZipArchive } from './zip-archive.ts';

/** What describes the document without standing in it. */
const DESCRIPTIONS = new Set([':subject', ':description', ':keywords', ':category', ':contentStatus']);

/** The title, and the properties as hidden text (ECMA-376 part 2, 11; part 1, 22.3 for those of one's own). */
export function readProperties(archive: ZipArchive, builder: DocumentBuilder): void {
  texts(archive, 'docProps/core.xml', (name, text) => {
    if (name === ':title') builder.title = text;
    else if (DESCRIPTIONS.has(name)) builder.hide('metadata', text);
    else if (isMetadataText('name', text)) builder.hide('metadata', text);
  });
  texts(archive, 'docProps/custom.xml', (_, text) => {
    if (isMetadataText('note', text)) builder.hide('metadata', text);
  });
}

/** How many pages the program that wrote the file has counted (part 1, 22.2.2.22); 0 when it does not say. */
export function countedPages(archive: ZipArchive): number {
  let pages = 0;
  texts(archive, 'docProps/app.xml', (name, text) => {
    if (name === ':Pages' && /^\d{1,6}$/.test(text)) pages = Number(text);
  });
  return pages;
}

function texts(archive: ZipArchive, part: string, found: (name: string, text: string) => void): void {
  const bytes = archive.read(part);
  if (!bytes) return;
  let text = '';
  readXml(bytes, part, {
    open: () => {
      text = '';
    },
    text: (piece) => {
      text += piece;
    },
    close: (name) => {
      if (text.trim() !== '') found(name, text.trim());
      text = '';
    },
  });
}
