import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseDocument } from '../../src/ingest/parse-document.ts';

/** A PDF whose only font is a stream that unpacks to so many bytes. */
function fontBomb(bytes: number): Uint8Array {
  const font = deflateSync(Buffer.alloc(bytes));
  const content = Buffer.from('BT /F1 12 Tf 72 700 Td (Bonjour) Tj ET');
  const objects: [head: string, stream?: Buffer][] = [
    ['<< /Type /Catalog /Pages 2 0 R >>'],
    ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    ],
    [`<< /Length ${content.length} >>`, content],
    ['<< /Type /Font /Subtype /TrueType /BaseFont /Bombe /FontDescriptor 6 0 R >>'],
    ['<< /Type /FontDescriptor /FontName /Bombe /Flags 32 /FontFile2 7 0 R >>'],
    [`<< /Length ${font.length} /Filter /FlateDecode >>`, font],
  ];
  return Buffer.concat([
    Buffer.from('%PDF-1.4\n'),
    ...objects.flatMap(([head, stream], i) => [
      Buffer.from(`${i + 1} 0 obj\n${head}\n`),
      ...(stream ? [Buffer.from('stream\n'), stream, Buffer.from('\nendstream\n')] : []),
      Buffer.from('endobj\n'),
    ]),
    Buffer.from('trailer\n<< /Root 1 0 R /Size 8 >>\n%%EOF\n'),
  ]);
}

test('what a reader unpacks beside its heap counts, too: a font that is a bomb', async () => {
  // Below the limit of what may be unpacked, so that only the thread's memory can stop it.
  const reading = parseDocument(fontBomb(200 << 20), 'cours.pdf', { limits: { memoryMiB: 64 } });
  await expect(reading).rejects.toThrow(/MiB of memory; expected at most 64/);
});
