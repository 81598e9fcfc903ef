import type { Duplicate } from '../layout.ts';

/** What is written beside a refused duplicate: who stays in its place and, of a near one, how alike they are. */
export function duplicateValue({ rule, survivor, similarity }: Duplicate): string {
  return rule === 'near-duplicate' ? `${similarity.toFixed(3)} ${survivor}` : survivor;
}
