import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '@lucie/ledger';
import { beforeAll, expect, test } from 'vitest';
import { program } from '../src/program.ts';
import { serveVerb } from '../src/verbs/serve.ts';

let unit: string;
beforeAll(async () => {
  unit = await readFile(join(projectRoot, 'deploy/lucie.service'), 'utf8');
});

/** The values of one setting, in order. */
function values(name: string): string[] {
  return unit
    .split('\n')
    .flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
}

test('the service starts a verb and options that there are', () => {
  const [command] = values('ExecStart');
  const [program, verb, ...args] = command!.split(' ');
  expect([program, verb]).toEqual(['/opt/lucie/lucie', 'serve']);
  const parser = serveVerb()
    .exitOverride()
    .action(() => {});
  parser.parse(args, { from: 'user' });
  expect(parser.opts()).toMatchObject({ host: '0.0.0.0', port: 8080, log: true });
  // Keys are asked for: that is what listening to others means unless somebody says otherwise.
  expect(parser.opts().keys).toBeUndefined();
});

test('the service gives answers longer to end than the server does', () => {
  const grace = serveVerb().opts().grace;
  expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThan(grace);
});

test('the service may write in its own folder alone, and leaves no dump of what pupils wrote', () => {
  expect(values('ProtectSystem')).toEqual(['strict']);
  expect(values('StateDirectory')).toEqual(['lucie']);
  expect(values('Environment')).toEqual(['LUCIE_CACHE=/var/lib/lucie']);
  expect(values('ReadWritePaths')).toEqual([]);
  expect(values('LimitCORE')).toEqual(['0']);
  expect(values('UMask')).toEqual(['0077']);
  expect(values('NoNewPrivileges')).toEqual(['yes']);
});

test('the guide pulls and tries the model that the service starts, and names its folders', async () => {
  const guide = await readFile(join(projectRoot, 'docs/how-to/serve-a-class.md'), 'utf8');
  const [, , model] = values('ExecStart')[0]!.split(' ');
  expect(guide).toContain(`\nlucie pull ${model}\n`);
  expect(guide).toContain(`\nlucie serve ${model}\n`);
  expect(guide).toContain(values('Environment')[0]);
  // Only paths that the service can read: nothing relative, nothing in a home.
  const paths = [...guide.matchAll(/--warm ([^\s`,)]+)/g)].map(([, path]) => path);
  expect(new Set(paths)).toEqual(new Set(['/var/lib/lucie/cours.txt']));
  // Every command of the guide is one that there is.
  const verbs = (await program()).commands.map((command) => command.name());
  for (const [, verb] of guide.matchAll(/^(?:sudo )?(?:\/opt\/lucie\/)?lucie (\w+)/gm))
    expect(verbs).toContain(verb);
});

test('systemd takes the unit', async (context) => {
  const run = promisify(execFile);
  const there = await run('systemd-analyze', ['--version']).catch(() => undefined);
  if (!there) return context.skip('no systemd-analyze on this machine');
  const path = join(await mkdtemp(join(tmpdir(), 'unit-')), 'lucie.service');
  // A program and a page that exist here: what is judged is the unit.
  await writeFile(path, unit.replace('/opt/lucie/lucie', '/bin/true').replace(/^Documentation=.*$/m, ''));
  const { stdout, stderr } = await run('systemd-analyze', ['verify', path]);
  expect(stdout + stderr).toBe('');
});
