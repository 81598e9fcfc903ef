/** Up to here every pair of a bucket is compared. */
const SMALL = 32;
/** In a larger one, each member is compared with the most senior ones … */
const SENIORS = 16;
/** … and with the first ones that resembled none of those before them. */
const HEADS = 48;

/**
 * Which members of a bucket (documents with one equal band) are compared, by their places in the order of seniority.
 * A page that stands in the corpus ten thousand times makes buckets of ten thousand, whose pairs nobody can compare
 * and nobody needs: all of them resemble the most senior one. So a large bucket costs at most 64 comparisons a
 * member, and what is compared depends on the bucket alone, never on how the work was shared.
 * @param similar - compares two places, the senior first; true where they count as the same
 */
export function compareBucket(members: number, similar: (senior: number, junior: number) => boolean): void {
  const heads: number[] = [];
  for (let junior = 1; junior < members; junior++) {
    const all = members <= SMALL ? junior : Math.min(junior, SENIORS);
    let found = false;
    for (let senior = 0; senior < all; senior++) if (similar(senior, junior)) found = true;
    if (members <= SMALL || junior < SENIORS) continue;
    for (const senior of heads) if (similar(senior, junior)) found = true;
    if (!found && heads.length < HEADS) heads.push(junior);
  }
}
