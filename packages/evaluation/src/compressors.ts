import { spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { LucieError } from '@lucie/ledger';

/** Bits that each compressor needs per byte of a file, at its strongest usual setting. */
export interface CompressorBits {
  /** `xz -9e` */
  xz: number;
  /** `zstd --ultra -22` */
  zstd: number;
}

/** Compresses a whole file in memory with both. */
export async function compressorBits(data: Uint8Array): Promise<CompressorBits> {
  if (data.length === 0) throw new RangeError('compressorBits of an empty file');
  const [xz, zstd] = [await xzSize(data), await zstdSize(data)];
  return { xz: (8 * xz) / data.length, zstd: (8 * zstd) / data.length };
}

/** Bytes of the output of `zstd --ultra -22` for data of this size, frame included. */
async function zstdSize(data: Uint8Array): Promise<number> {
  const params = { [constants.ZSTD_c_compressionLevel]: 22 };
  return (await promisify(zstdCompress)(data, { params, pledgedSrcSize: data.length })).length;
}

/**
 * Bytes of the output of `xz -9e`, container included.
 * @throws LucieError `XZ_MISSING` when there is no `xz`, `XZ_FAILED` when it fails
 */
async function xzSize(data: Uint8Array): Promise<number> {
  const child = spawn('xz', ['-9e', '--threads=1', '--stdout'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let size = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  // A broken pipe also ends the process, whose exit code says more.
  child.stdin.on('error', () => {});
  child.stdin.end(data);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(
        new LucieError({
          code: 'XZ_MISSING',
          found: `no program xz (${cause.message})`,
          expected: 'xz, whose compression the models are compared with',
          todo: 'install it, e.g. apt-get install xz-utils',
          cause,
        }),
      ),
    );
    child.on('close', resolve);
  });
  if (code === 0) return size;
  throw new LucieError({
    code: 'XZ_FAILED',
    found: `xz -9e ending with ${code}: ${complaint.trim() || 'no message'}`,
    expected: 'exit code 0',
    todo: 'free some memory (xz -9e needs 700 MB) and call again',
  });
}
