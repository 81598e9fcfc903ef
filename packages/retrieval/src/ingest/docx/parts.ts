import { posix } from 'node:path';
import { broken } from '../document-error.ts';
import { readXml } from './xml-events.ts';
import type { ZipArchive } from './zip-archive.ts';

/** Names of the parts that are read, inside the archive. */
export interface DocxParts {
  main: string;
  styles?: string;
  numbering?: string;
  footnotes?: string;
  endnotes?: string;
  comments?: string;
  /** Headers and footers. */
  headers: string[];
}

/** Finds them as Word does, by relationships (ECMA-376 part 2, 9.3): their names are only a habit. */
export function docxParts(archive: ZipArchive): DocxParts {
  const main = relationships(archive, '').find(({ type }) => type === 'officeDocument')?.target;
  if (main === undefined) throw broken('a Word document that does not say where its text is');
  const parts: DocxParts = { main, headers: [] };
  for (const { type, target } of relationships(archive, main)) {
    if (type === 'header' || type === 'footer') parts.headers.push(target);
    else if (
      type === 'styles' ||
      type === 'numbering' ||
      type === 'footnotes' ||
      type === 'endnotes' ||
      type === 'comments'
    )
      parts[type] = target;
  }
  parts.headers.sort();
  return parts;
}

/** What a part points to inside the archive; targets outside are never looked at. */
function relationships(archive: ZipArchive, part: string): { type: string; target: string }[] {
  const folder = posix.dirname(part);
  const bytes = archive.read(posix.join(folder, '_rels', `${posix.basename(part)}.rels`));
  const found: { type: string; target: string }[] = [];
  if (!bytes) return found;
  readXml(bytes, 'relationships', {
    open: ({ name, attributes }) => {
      if (name !== ':Relationship' || attributes.get('TargetMode') === 'External') return;
      const target = attributes.get('Target') ?? '';
      const path = target.startsWith('/') ? posix.normalize(target.slice(1)) : posix.join(folder, target);
      if (path.startsWith('..')) throw broken('a Word document with a part outside of it');
      found.push({ type: (attributes.get('Type') ?? '').split('/').at(-1)!, target: path });
    },
  });
  return found;
}
