/** The few WebAssembly instructions that `min-hash-kernel.ts` is written in, by their names in the specification. */
export const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  br: (depth: number) => [0x0c, depth],
  brIf: (depth: number) => [0x0d, depth],
  localGet: (local: number) => [0x20, local],
  localSet: (local: number) => [0x21, local],
  localTee: (local: number) => [0x22, local],
  i32Const: (value: number) => [0x41, ...signed(value)],
  i32GeU: [0x4f],
  i32LtU: [0x49],
  i32Add: [0x6a],
  v128Load: (offset: number) => [0xfd, 0x00, 4, ...unsigned(offset)],
  v128Load32Splat: (offset: number) => [0xfd, 0x09, 2, ...unsigned(offset)],
  v128Store: (offset: number) => [0xfd, 0x0b, 4, ...unsigned(offset)],
  i32x4Splat: [0xfd, 0x11],
  i32x4Add: [0xfd, 0xae, 0x01],
  i32x4Mul: [0xfd, 0xb5, 0x01],
  i32x4MinS: [0xfd, 0xb6, 0x01],
} as const;

/**
 * A module that imports one memory, `env.memory`, and exports one function, `run`, of i32 parameters and no result.
 * Sections as in "WebAssembly Core Specification", chapter 5.
 */
export function wasmModule(run: {
  parameters: number;
  vectors: number;
  code: number[];
}): Uint8Array<ArrayBuffer> {
  const I32 = 0x7f;
  const V128 = 0x7b;
  const body = [1, run.vectors, V128, ...run.code, ...op.end];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, run.parameters, ...Array(run.parameters).fill(I32), 0]),
    ...section(2, [1, ...text('env'), ...text('memory'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('run'), 0x00, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(name: string): number[] {
  return [name.length, ...Buffer.from(name)];
}

/** LEB128, unsigned. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128, signed. */
function signed(value: number): number[] {
  const last = value >= -64 && value < 64;
  return last ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
