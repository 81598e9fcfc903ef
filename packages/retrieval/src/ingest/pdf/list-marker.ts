/** What begins an item of a list: a bullet, a dash, a number or a letter with a dot or parenthesis. */
const MARKER = /^(?:([•‣◦▪▫●○■□▶►➢➔→✓✔❑❖·*–—-])|(\[\d{1,3}\]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]))(?:\s+|$)/u;

/** Numbers and letters stay with their item, since texts refer to them; bullets are all alike. */
export interface Marker {
  kind: 'bullet' | 'number';
  mark: string;
  rest: string;
}

export function listMarker(text: string): Marker | undefined {
  const match = MARKER.exec(text);
  if (!match) return undefined;
  const rest = text.slice(match[0].length);
  // « M. Martin », « A. Camus »: an initial is no item; a dash alone is a line of its own.
  if (match[2] && /^[A-Z]\.$/.test(match[2])) return undefined;
  return { kind: match[1] ? 'bullet' : 'number', mark: match[1] ? '-' : match[2]!, rest };
}

/** A marker, or the number of a section, and nothing else: printed apart from its text. */
export function isMarkerAlone(text: string): boolean {
  if (/^\d{1,2}(?:\.\d{1,2})*$/.test(text)) return true;
  return listMarker(text)?.rest === '';
}
