import type { Command } from 'commander';
import type { Setting } from './set.ts';

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Leaves of nested options as `a.b.c` → value; lists count as leaves. */
function leaves(options: Plain, prefix: string[] = []): [string, unknown][] {
  return Object.entries(options).flatMap(([name, value]) =>
    isPlain(value) && Object.keys(value).length > 0
      ? leaves(value, [...prefix, name])
      : [[[...prefix, name].join('.'), value] as [string, unknown]],
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return Array.isArray(value) && text.length > 40 ? `${value.length} entries` : text;
}

/**
 * Says for each stage which option has which value and where it comes from: `--set`, the recipe, or the default.
 * @param resolved - all options by stage; `written` - what the recipe's file says
 */
export function describeOrigins(resolved: Plain, written: Plain, settings: Setting[]): string[] {
  const set = settings.map((setting) => setting.path.join('.'));
  const inRecipe = new Set(leaves(written).map(([name]) => name));
  const lines: string[] = [];
  for (const [stage, options] of Object.entries(resolved)) {
    if (!isPlain(options)) continue;
    const groups: Record<'--set' | 'recipe' | 'default', string[]> = { '--set': [], recipe: [], default: [] };
    for (const [name, value] of leaves(options)) {
      const full = `${stage}.${name}`;
      const origin = set.some((path) => full === path || full.startsWith(`${path}.`))
        ? '--set'
        : inRecipe.has(full)
          ? 'recipe'
          : 'default';
      groups[origin].push(`${name} ${show(value)}`);
    }
    for (const [origin, items] of Object.entries(groups)) {
      if (items.length > 0) lines.push(`  ${stage} (${origin}): ${items.join(', ')}`);
    }
  }
  return lines;
}

/** Says which option of a verb has which value and where it comes from: the command line or the default. */
export function describeSources(command: Command): string[] {
  const groups = new Map<string, string[]>();
  for (const [name, value] of Object.entries(command.opts())) {
    const source = command.getOptionValueSource(name) === 'default' ? 'default' : 'command line';
    const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    groups.set(source, [...(groups.get(source) ?? []), `${kebab} ${show(value)}`]);
  }
  return [...groups].map(([source, items]) => `  ${command.name()} (${source}): ${items.join(', ')}`);
}
