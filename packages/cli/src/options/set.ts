import { LucieError } from '@lucie/ledger';
import { nearest } from '../nearest.ts';

/** One `--set a.b=c`: where it points and what it puts there. */
export interface Setting {
  path: string[];
  value: unknown;
}

/** Parses `a.b=c`; the value is read as JSON where it is JSON, else as text. */
export function parseSetting(text: string): Setting {
  const at = text.indexOf('=');
  if (at <= 0) {
    throw new LucieError({
      code: 'OPTION_INVALID',
      found: `--set ${text}`,
      expected: 'name.name=value',
      todo: 'write, for example, --set base.steps=100',
      exitCode: 2,
    });
  }
  const raw = text.slice(at + 1);
  let value: unknown = raw;
  try {
    value = JSON.parse(raw);
  } catch {
    // Not JSON: plain text, e.g. --set tokenizer.preTokenizer=gpt-2
  }
  return { path: text.slice(0, at).split('.'), value };
}

/**
 * A copy of `options` with the settings applied; only names that are already there can be set.
 * @throws LucieError `OPTION_UNKNOWN` with the nearest known name
 */
export function applySettings<T>(options: T, settings: Setting[]): T {
  const copy = structuredClone(options);
  for (const { path, value } of settings) {
    let at = copy as Record<string, unknown>;
    for (const [depth, name] of path.entries()) {
      if (at === null || typeof at !== 'object' || !Object.hasOwn(at, name)) {
        const known = at !== null && typeof at === 'object' ? Object.keys(at) : [];
        const near = nearest(name, known);
        throw new LucieError({
          code: 'OPTION_UNKNOWN',
          found: `the unknown option ${path.join('.')}: neither the recipe nor its defaults write it`,
          expected: near
            ? `a known one, perhaps ${[...path.slice(0, depth), near].join('.')}`
            : `one of ${known.join(', ') || 'none here'}`,
          todo: 'correct --set, or write the option into the recipe',
          exitCode: 2,
        });
      }
      if (depth === path.length - 1) at[name] = value;
      else at = at[name] as Record<string, unknown>;
    }
  }
  return copy;
}
