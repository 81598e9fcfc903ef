import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createGzip } from 'node:zlib';
import { Random } from '@lucie/ledger';

/** `node stream-writer.ts PATH BYTES`: writes JSON Lines of at least so many bytes, packed where the path ends in `.gz`. */
const [path, bytes] = [process.argv[2]!, Number(process.argv[3])];
const random = new Random(7);
const words = Array.from({ length: 5000 }, () => random.uint32().toString(36));
const texts = Array.from({ length: 500 }, () =>
  Array.from({ length: 50 + random.below(1000) }, () => words[random.below(words.length)]).join(' '),
);
const file = createWriteStream(path, { highWaterMark: 1 << 20 });
const packer = path.endsWith('.gz') ? createGzip({ level: 1 }) : undefined;
packer?.pipe(file);
const out = packer ?? file;
let written = 0;
let number = 0;
while (written < bytes) {
  let block = '';
  while (block.length < 1 << 20)
    block += `${JSON.stringify({ id: `d${number}`, text: texts[number++ % texts.length], url: `https://site.example/${number}` })}\n`;
  written += block.length;
  if (!out.write(block)) await once(out, 'drain');
}
out.end();
await once(file, 'close');
process.stdout.write(JSON.stringify({ documents: number, bytes: written }));
