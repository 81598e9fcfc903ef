import { remaining, type Slot } from './slot.ts';

/** The oldest prompt gets at least this part of a step, so that short ones that keep coming do not hold it up for ever. */
const OLDEST_SHARE = 0.25;

/**
 * Shares `room` tokens of a step among the prompts being read: short ones first, since each that is done begins to
 * answer, a part for the oldest whatever its length.
 * @param reading - by age; their `planned` is set
 * @returns tokens given out
 */
export function planReading(reading: readonly Slot[], room: number): number {
  let left = room;
  const give = (slot: Slot, most: number) => {
    const tokens = Math.min(most, remaining(slot) - slot.planned);
    slot.planned += tokens;
    left -= tokens;
  };
  for (const slot of reading) slot.planned = 0;
  const [oldest] = reading;
  if (!oldest) return 0;
  give(oldest, Math.ceil(room * OLDEST_SHARE));
  const shortestFirst = [...reading].sort((a, b) => remaining(a) - remaining(b));
  for (const slot of shortestFirst) if (left > 0) give(slot, left);
  return room - left;
}
