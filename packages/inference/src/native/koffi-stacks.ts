import koffi from 'koffi';

let set = false;

/**
 * Gives native calls stacks of 16 MiB: koffi's own have 128 KiB, and graph building and llama.cpp's regex splitter need
 * more. koffi takes that before the first library of a process alone, so whoever loads one calls this before.
 */
export function setKoffiStacks(): void {
  if (set) return;
  koffi.config({ ...koffi.config(), sync_stack_size: 16 << 20, async_stack_size: 16 << 20 });
  set = true;
}
