import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@lucie/ledger';
import { expect, test } from 'vitest';
import { LAYERS, wrongImports } from '../src/test/imports.ts';

test('the source of every package imports only from packages below it, by their index alone', async () => {
  expect(await wrongImports(projectRoot)).toEqual([]);
});

test('an import upwards, sideways into the inside, or of the unknown is found', async () => {
  const root = await mkdtemp(join(tmpdir(), 'imports-'));
  for (const layer of LAYERS)
    await mkdir(join(root, layer === 'recipes' || layer === 'bench' ? layer : `packages/${layer}/src`), {
      recursive: true,
    });
  await writeFile(join(root, 'packages/model/src/a.ts'), "import { x } from '@lucie/training';\n");
  await writeFile(join(root, 'packages/model/src/b.tsx'), "export * from '@lucie/torch/src/inside.ts';\n");
  await writeFile(join(root, 'packages/model/src/c.ts'), "const late = await import('@lucie/cli');\n");
  await writeFile(join(root, 'packages/model/src/good.ts'), "import { y } from '@lucie/torch';\n");
  expect(await wrongImports(root)).toEqual([
    'packages/model/src/a.ts imports @lucie/training',
    'packages/model/src/b.tsx imports @lucie/torch/src/inside.ts',
    'packages/model/src/c.ts imports @lucie/cli',
  ]);
});
