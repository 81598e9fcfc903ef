/** The use that a model must have been found fit for before it may word answers about a course. */
const USE = 'course-questions';

/**
 * Whether a model's own sentences may be shown, by the verdicts of the `gate.json` beside it: the record of uses, or the
 * whole file. No verdict, a damaged one or anything unexpected means no.
 */
export function mayGenerate(gate: unknown): boolean {
  const verdicts = isRecord(gate) && isRecord(gate.verdicts) ? gate.verdicts : gate;
  if (!isRecord(verdicts) || !Object.hasOwn(verdicts, USE)) return false;
  const verdict = verdicts[USE];
  return isRecord(verdict) && verdict.passed === true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
