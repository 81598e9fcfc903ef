import { statSync } from 'node:fs';

/** Files of a model: the one named, and where that is the first part of several (`…-00001-of-00003.gguf`) all of them. */
export function modelFiles(path: string): string[] {
  const [, stem, count] = /^(.*)-00001-of-(\d{5})\.gguf$/s.exec(path) ?? [];
  if (stem === undefined) return [path];
  const part = (i: number) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`;
  return Array.from({ length: Math.max(1, Number(count)) }, (_, i) => part(i));
}

/** Bytes of a model's files together; those that are missing count nothing. */
export function modelBytes(path: string): number {
  return modelFiles(path).reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** What tells whether the files are still those that they were: numbers, sizes and times; empty when there are none. */
export function modelStamp(path: string): string {
  return modelFiles(path)
    .map((file) => statSync(file, { bigint: true, throwIfNoEntry: false }))
    .map((stat) => (stat ? [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ') : ''))
    .join('\n')
    .trim();
}
