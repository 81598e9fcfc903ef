import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, LucieError } from '@lucie/ledger';
import { z } from 'zod';
import { setUpEngineOf } from '../setup/engine.ts';
import { runVitest } from './run-vitest.ts';

const faultShape = z.strictObject({
  file: z.string(),
  find: z.string().min(1),
  replace: z.string(),
  why: z.string(),
});

/** A defect planted on purpose: `find` occurs once in `file` and becomes `replace`; the package's tests must fail. */
export type Fault = z.infer<typeof faultShape>;

/** The faults that a package lists in `test/faults.json`, or in several files of `test/faults/`. */
export async function readFaults(root: string, name: string): Promise<Fault[]> {
  const test = join(root, 'packages', name, 'test');
  const folder = join(test, 'faults');
  const names = existsSync(folder)
    ? (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()
    : [];
  const paths = [join(test, 'faults.json'), ...names.map((file) => join(folder, file))];
  const lists = await Promise.all(
    paths
      .filter((path) => existsSync(path))
      .map(async (path) => z.array(faultShape).parse(JSON.parse(await readFile(path, 'utf8')))),
  );
  return lists.flat();
}

/**
 * A copy of the checkout's sources in which faults can be planted. Third-party packages are links to the original's;
 * our own are the copy's.
 */
async function copyCheckout(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'lucie-faults-'));
  for (const name of [
    'packages',
    'recipes',
    'bench',
    'benchmarks',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'vitest.config.ts',
    'lucie',
    'docs',
    'deploy',
    'README.md',
    'LICENSE',
  ]) {
    const from = join(root, name);
    if (!existsSync(from)) continue;
    await cp(from, join(copy, name), {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist)$/.test(path),
    });
  }
  const modules = join(copy, 'node_modules');
  await mkdir(join(modules, '@lucie'), { recursive: true });
  for (const entry of await readdir(join(root, 'node_modules'))) {
    if (entry !== '@lucie') await symlink(join(root, 'node_modules', entry), join(modules, entry));
  }
  for (const name of await readdir(join(copy, 'packages')))
    await symlink(join(copy, 'packages', name), join(modules, '@lucie', name));
  for (const name of ['recipes', 'bench']) await symlink(join(copy, name), join(modules, '@lucie', name));
  return copy;
}

/**
 * Plants every fault of the given packages, one at a time, and runs that package's fast tests on each.
 * @returns how many were caught, and those that were not
 * @throws LucieError `FAULT_INVALID` when a fault's text is not found exactly once, `TESTS_FAIL` when a package's tests
 * fail on the copy as it is
 */
export async function plantFaults(
  root: string,
  packages: string[],
  opts: { say: (line: string) => void },
): Promise<{ caught: number; missed: { name: string; fault: Fault }[] }> {
  const copy = await copyCheckout(root);
  const quiet = { all: false, quiet: true, bail: true, env: { LUCIE_CACHE: cacheDir } };
  const missed: { name: string; fault: Fault }[] = [];
  let caught = 0;
  try {
    for (const name of packages) {
      if ((await readFaults(root, name)).length === 0) continue;
      const sound = await runVitest(copy, [`packages/${name}/`], quiet);
      if (sound.code !== 0) {
        // Every fault would seem to be caught.
        throw new LucieError({
          code: 'TESTS_FAIL',
          found: `fast tests of ${name} that fail without any fault`,
          expected: 'tests that pass before a fault is planted',
          todo: `look at them first: ./lucie test ${name}`,
        });
      }
      for (const fault of await readFaults(root, name)) {
        const path = join(copy, 'packages', name, fault.file);
        const original = await readFile(path, 'utf8');
        if (original.split(fault.find).length !== 2) {
          throw new LucieError({
            code: 'FAULT_INVALID',
            found: `${original.split(fault.find).length - 1} places with «${fault.find}» in packages/${name}/${fault.file}`,
            expected: 'exactly one',
            todo: `correct packages/${name}/test/faults.json`,
          });
        }
        await writeFile(
          path,
          original.replace(fault.find, () => fault.replace),
        );
        if (path.endsWith('.cc') || path.endsWith('.h')) await setUpEngineOf(copy, { LUCIE_CACHE: cacheDir });
        const filters = [`packages/${name}/`];
        // Most are caught by the tests that import the file; the others (a program that a test starts) get them all.
        const near = await runVitest(copy, filters, { ...quiet, relatedTo: path });
        const { code } = near.code === 0 ? await runVitest(copy, filters, quiet) : near;
        await writeFile(path, original);
        if (code === 0) missed.push({ name, fault });
        else caught++;
        opts.say(`${code === 0 ? 'MISSED' : 'caught'}  ${name}/${fault.file}: ${fault.why}`);
      }
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  return { caught, missed };
}
