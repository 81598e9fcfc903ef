import { LucieError } from '@lucie/ledger';
import { codeTexts } from './packages/code.ts';
import type { DebianText } from './packages/debian-text.ts';
import { manualTexts } from './packages/manuals.ts';
import { storyTexts } from './packages/stories.ts';

/** Every Debian package that this version can read. */
export const debianTexts: readonly DebianText[] = [...manualTexts, ...storyTexts, ...codeTexts];

/** @throws LucieError `SOURCE_UNKNOWN` */
export function debianTextOf(packageName: string): DebianText {
  const text = debianTexts.find((one) => one.package === packageName);
  if (text) return text;
  throw new LucieError({
    code: 'SOURCE_UNKNOWN',
    found: `the Debian package ${packageName} as a source of text`,
    expected: `one of ${debianTexts.map((one) => one.package).join(', ')}`,
    todo: 'name one of them, or add it to packages/corpus/src/sources/debian/packages',
    exitCode: 2,
  });
}
