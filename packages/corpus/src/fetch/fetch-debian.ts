import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LucieError, type Progress, sha256File, silent, syncDirectory, writeJson } from '@lucie/ledger';
import { Apt, type Candidate } from './apt.ts';
import { absencePath, type DebianLock, debianDir, notDebian, readLock } from './debian-files.ts';

/** What is wanted of the Debian archive: packages, and indices of translated package descriptions. */
export interface DebianWishes {
  packages: readonly string[];
  /** ISO 639-1 codes. */
  descriptions: readonly string[];
}

/** Something that set-up could not bring; the corpus is made without it. */
export interface Absence {
  name: string;
  /** One sentence, without a full stop. */
  reason: string;
}

interface Options {
  cacheDir: string;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

/** Packages that one call of apt-get brings: after each the files get their final names. */
const GROUP = 8;

const NOT_IN_ARCHIVE = "this machine's archive";
const DAY = 24 * 3600 * 1000;

/** The name under which the descriptions of a language are kept. */
export function descriptionsName(language: string): string {
  return `package-descriptions-${language}`;
}

/**
 * Brings Debian packages into `<cacheDir>/data/debian` with apt, from the machine's own sources of packages but with
 * state and cache in a folder of its own: no root, nothing of the machine changes. What is there already with its
 * SHA-256 is not fetched again. What cannot be had (no Debian, no network, not in this archive) is no error: it is
 * returned with the reason, and remembered beside the files.
 * @throws LucieError `DISK_FULL`; `signal.reason` on Ctrl-C
 */
export async function fetchDebian(wishes: DebianWishes, opts: Options): Promise<Absence[]> {
  const names = [...wishes.packages, ...wishes.descriptions.map(descriptionsName)];
  const missing = new Set<string>();
  const known: Absence[] = [];
  for (const name of new Set(names)) {
    const absence = await knownAbsence(name, opts.cacheDir);
    if (absence) known.push(absence);
    else if (!(await isWhole(name, opts))) missing.add(name);
  }
  if (missing.size === 0) return known;
  const reason = notDebian();
  if (reason)
    return [
      ...known,
      ...(await remember(
        [...missing].map((name) => ({ name, reason })),
        opts.cacheDir,
      )),
    ];
  const dir = debianDir(opts.cacheDir);
  await mkdir(dir, { recursive: true });
  await removeStale(dir);
  const aside = join(dir, `.fetch-${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(aside);
  try {
    const absences = await fetchMissing(
      {
        packages: wishes.packages.filter((name) => missing.has(name)),
        descriptions: wishes.descriptions.filter((language) => missing.has(descriptionsName(language))),
      },
      { ...opts, dir, aside },
    );
    const absent = new Set(absences.map(({ name }) => name));
    for (const name of missing)
      if (!absent.has(name)) await rm(absencePath(name, opts.cacheDir), { force: true });
    return [...known, ...(await remember(absences, opts.cacheDir))];
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function fetchMissing(
  wishes: DebianWishes,
  opts: Options & { dir: string; aside: string },
): Promise<Absence[]> {
  const progress = opts.progress ?? silent;
  const apt = new Apt(opts.aside, { languages: wishes.descriptions, signal: opts.signal });
  progress.start('Debian package lists');
  const trouble = await apt.update();
  progress.end(trouble);
  const absences: Absence[] = [];
  for (const language of wishes.descriptions) {
    const name = descriptionsName(language);
    const file = `${name}.txt`;
    // Lists have no version: the day of the newest one stands for it.
    const version = await apt.translations(language, join(opts.aside, file));
    if (version) await keep({ name, version, installedSize: 0, file }, opts);
    else
      absences.push({
        name,
        reason: trouble ?? `${NOT_IN_ARCHIVE} has no package descriptions in ${language}`,
      });
  }
  const found = await apt.candidates(wishes.packages);
  for (const name of wishes.packages) {
    if (!found.has(name))
      absences.push({ name, reason: trouble ?? `${NOT_IN_ARCHIVE} has no package ${name}` });
  }
  return [...absences, ...(await download([...found.values()], { ...opts, apt, progress }))];
}

async function download(
  candidates: readonly Candidate[],
  opts: Options & { dir: string; aside: string; apt: Apt; progress: Progress },
): Promise<Absence[]> {
  const absences: Absence[] = [];
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const total = candidates.reduce((sum, { size }) => sum + size, 0);
  if (candidates.length === 0) return absences;
  opts.progress.start('Debian packages', megabytes(total), 'MB');
  let done = 0;
  for (let at = 0; at < candidates.length; at += GROUP) {
    const group = candidates.slice(at, at + GROUP);
    const trouble = await opts.apt.download(
      group.map(({ name }) => name),
      (bytes) => opts.progress.update(megabytes(done + bytes), group[0]!.name),
    );
    const files = await readdir(opts.apt.downloads);
    for (const { name, ...candidate } of group) {
      done += candidate.size;
      const file = files.find((one) => one.startsWith(`${name}_`) && one.endsWith('.deb'));
      const path = file && join(opts.apt.downloads, file);
      if (!path || (await sha256File(path)) !== candidate.sha256) {
        absences.push({ name, reason: trouble ?? `the package ${name} could not be fetched whole` });
        continue;
      }
      await rename(path, join(opts.aside, file));
      await keep({ name, ...candidate, file }, opts);
    }
    opts.progress.update(megabytes(done));
  }
  opts.progress.end(`${candidates.length - absences.length} packages, SHA-256 verified`);
  return absences;
}

/** Gives a file that lies aside its final name, and its lock. An older version of it goes. */
async function keep(
  found: { name: string; version: string; installedSize: number; file: string },
  opts: { dir: string; aside: string; cacheDir: string },
): Promise<void> {
  const path = join(opts.aside, found.file);
  const lock: DebianLock = {
    debian: found.name,
    version: found.version,
    sha256: await sha256File(path),
    size: (await stat(path)).size,
    installedSize: found.installedSize,
    file: found.file,
  };
  const before = readLock(found.name, opts.cacheDir);
  await rename(path, join(opts.dir, found.file));
  await syncDirectory(opts.dir);
  await writeJson(join(opts.dir, `${found.name}.json`), lock);
  if (before && before.file !== found.file) await rm(join(opts.dir, before.file), { force: true });
}

async function isWhole(name: string, opts: Options): Promise<boolean> {
  opts.signal?.throwIfAborted();
  const lock = readLock(name, opts.cacheDir);
  if (!lock) return false;
  const path = join(debianDir(opts.cacheDir), lock.file);
  return (await sha256File(path)) === lock.sha256;
}

/** What the archive did not have a day ago it need not be asked again; a network that was away, it must. */
async function knownAbsence(name: string, cacheDir: string): Promise<Absence | undefined> {
  const path = absencePath(name, cacheDir);
  try {
    const reason = (await readFile(path, 'utf8')).trim();
    const recent = Date.now() - (await stat(path)).mtimeMs < DAY;
    return recent && reason.includes(NOT_IN_ARCHIVE) && !notDebian() ? { name, reason } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes why each is absent beside the files, for whoever opens the source. */
async function remember(absences: Absence[], cacheDir: string): Promise<Absence[]> {
  try {
    if (absences.length > 0) await mkdir(debianDir(cacheDir), { recursive: true });
    for (const { name, reason } of absences) await writeFile(absencePath(name, cacheDir), `${reason}\n`);
  } catch (cause) {
    throw new LucieError({
      code: 'DISK_FULL',
      found: `no way to write into ${debianDir(cacheDir)} (${(cause as Error).message})`,
      expected: 'a folder that can be written, on a disk with space',
      todo: 'free some space or correct the folder’s rights, and call again',
      cause,
    });
  }
  return absences;
}

/** Folders that a killed set-up has left. */
async function removeStale(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const pid = Number(/^\.fetch-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
