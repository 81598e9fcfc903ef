/**
 * A text without the given characters at the end of each line (`\n`). A regular expression would look at a run of n
 * spaces in the middle of a line n times over: one bad line of 200,000 spaces took minutes.
 */
export function trimLineEnds(text: string, characters: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at = from) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    let last = end;
    while (last > at && characters.includes(text[last - 1]!)) last--;
    pieces.push(text.slice(at, last));
    from = end + 1;
    if (newline < 0) break;
  }
  return pieces.join('\n');
}

/** A text without the given characters at both ends. */
export function trimBoth(text: string, characters: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && characters.includes(text[from]!)) from++;
  while (to > from && characters.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}
