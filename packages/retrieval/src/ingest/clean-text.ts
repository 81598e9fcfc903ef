/** Characters that take no room on a page; zero-width joiners stay, since scripts and emoji need them. */
const NO_WIDTH = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Unicode's tags: a copy of ASCII that no font draws, used to hand programs text behind people's backs. */
const TAGS = /[\u{e0000}-\u{e007f}]+/gu;

/** Flags of regions (England, Scotland…) are a black flag and tags: those are drawn. */
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007f}]{1,8}/gu;

/**
 * One spelling of each character (NFC), no characters without width, spaces once but for the indentation of lines (of a
 * program), at most one line break in a row.
 * What was written with Unicode's tags comes back as `invisible`, in plain ASCII. Non-breaking spaces stay: French
 * punctuation has them.
 */
export function cleanText(text: string): { visible: string; invisible: string } {
  let invisible = '';
  const visible = text
    .replace(FLAG, '\u{1f3f4}')
    .replace(TAGS, (tags) => {
      for (const tag of tags) invisible += String.fromCharCode(tag.codePointAt(0)! - 0xe0000);
      return '';
    })
    .normalize('NFC')
    .replace(NO_WIDTH, '')
    .replace(/(?<=\S)[^\S\n\u00a0\u202f]+/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
    .trim();
  return { visible: withoutControls(visible), invisible: withoutControls(invisible).trim() };
}

/** Lone halves of surrogate pairs and control characters break what stores or sends text later. */
function withoutControls(text: string): string {
  let clean = '';
  let from = 0;
  const sound = text.toWellFormed();
  for (let i = 0; i < sound.length; i++) {
    const unit = sound.charCodeAt(i);
    if ((unit >= 0x20 && unit !== 0x7f) || unit === 0x0a) continue;
    clean += sound.slice(from, i);
    from = i + 1;
  }
  return clean + sound.slice(from);
}
