import type { Batch } from '../native/batch.ts';
import type { Slot } from './slot.ts';

/**
 * Writes what is planned of each slot into the batch.
 * @param outputs - becomes the slots that the model's opinion is asked for, in the order of its rows
 */
export function fillBatch(batch: Batch, slots: readonly Slot[], outputs: Slot[]): void {
  batch.clear();
  outputs.length = 0;
  for (const slot of slots) {
    const { tokens } = slot.work;
    const start = slot.branch.length;
    for (let position = start; position < start + slot.planned; position++) {
      batch.add(tokens[position]!, position, slot.branch.sequence, position === tokens.length - 1);
    }
    if (slot.planned > 0 && start + slot.planned === tokens.length) outputs.push(slot);
  }
}
