import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages from the bottom up: the source of one imports only from those before it. */
export const LAYERS = [
  'ledger',
  'hub',
  'corpus',
  'tokenizer',
  'torch',
  'model',
  'inference',
  'training',
  'retrieval',
  'evaluation',
  'release',
  'server',
  'web',
  'recipes',
  'bench',
  'cli',
];

/** Folders that hold one layer each. */
function folderOf(layer: string): string {
  if (layer === 'recipes' || layer === 'bench') return layer;
  return `packages/${layer}/src`;
}

/** Every import of a package that stands above or beside the importing one, or that reaches into its inside. */
export async function wrongImports(root: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [level, layer] of LAYERS.entries()) {
    const folder = join(root, folderOf(layer));
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (
        !entry.isFile() ||
        !/\.tsx?$/.test(entry.name) ||
        /\/(node_modules|test|dist)(\/|$)/.test(entry.parentPath)
      )
        continue;
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, 'utf8');
      for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*['"](@lucie\/[^'"]+)['"]/g)) {
        const [, target = '', ...inside] = specifier!.split('/');
        const at = LAYERS.indexOf(target);
        if (at < 0 || at >= level || inside.length > 0)
          wrong.push(`${path.slice(root.length + 1)} imports ${specifier}`);
      }
    }
  }
  return wrong.sort();
}
