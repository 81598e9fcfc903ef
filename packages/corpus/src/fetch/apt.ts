import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What apt would install of a name. */
export interface Candidate {
  name: string;
  version: string;
  sha256: string;
  size: number;
  installedSize: number;
}

/** Sources of packages whose lists cannot be had, in words of a sentence. */
const UNREACHABLE = 'the Debian archive cannot be reached from this machine';

/**
 * apt with the machine's sources, keys and proxy, but state and cache below a folder of our own: it needs no root and
 * neither sees nor changes what is installed.
 */
export class Apt {
  readonly downloads: string;
  readonly #dir: string;
  readonly #languages: readonly string[];
  readonly #signal: AbortSignal | undefined;

  constructor(dir: string, opts: { languages: readonly string[]; signal: AbortSignal | undefined }) {
    this.#dir = dir;
    this.downloads = join(dir, 'downloads');
    this.#languages = opts.languages;
    this.#signal = opts.signal;
  }

  /** Fetches the lists. @returns why they are not complete, or undefined where they are */
  async update(): Promise<string | undefined> {
    for (const folder of ['state/lists/partial', 'cache/archives/partial', 'downloads'])
      await mkdir(join(this.#dir, folder), { recursive: true });
    await writeFile(join(this.#dir, 'status'), '');
    await writeFile(join(this.#dir, 'apt.conf'), this.#configuration());
    const { code, output } = await this.#run('apt-get', ['update', '-q']);
    if (code === 0 && !/^(W|E): Failed to fetch|^Err:/m.test(output)) return undefined;
    return /resolv|connect|timed out|Network is unreachable|Failed to fetch/i.test(output)
      ? UNREACHABLE
      : `apt-get update failed: ${reasonOf(output)}`;
  }

  /** Version and hash of every package that the archive has, by name, in the order asked. */
  async candidates(names: readonly string[]): Promise<Map<string, Candidate>> {
    const found = new Map<string, Candidate>();
    if (names.length === 0) return found;
    const { output } = await this.#run('apt-cache', ['show', '--no-all-versions', '--', ...names], 'stdout');
    for (const stanza of output.split('\n\n')) {
      const value = (key: string) => new RegExp(`^${key}: (.+)$`, 'm').exec(stanza)?.[1]?.trim() ?? '';
      const name = value('Package');
      const candidate = {
        name,
        version: value('Version'),
        sha256: value('SHA256'),
        size: Number(value('Size')),
        installedSize: (Number(value('Installed-Size')) || 0) * 1024,
      };
      if (names.includes(name) && candidate.version && candidate.sha256 && candidate.size > 0)
        found.set(name, candidate);
    }
    return new Map(names.filter((name) => found.has(name)).map((name) => [name, found.get(name)!]));
  }

  /**
   * Brings packages into `downloads`; those that fail are not there afterwards.
   * @returns why one of them failed, or undefined
   */
  async download(names: readonly string[], onBytes: (bytes: number) => void): Promise<string | undefined> {
    const watch = setInterval(() => void sizeOf(this.downloads).then(onBytes), 500);
    try {
      const { code, output } = await this.#run('apt-get', ['download', '-q', '--', ...names]);
      if (code === 0) return undefined;
      return /Failed to fetch|Could not (connect|resolve)/.test(output) ? UNREACHABLE : reasonOf(output);
    } finally {
      clearInterval(watch);
    }
  }

  /**
   * Writes the package descriptions in a language, all sources together, to `path`.
   * @returns the day of the newest list, or undefined where there is none
   */
  async translations(language: string, path: string): Promise<string | undefined> {
    const { output } = await this.#run(
      'apt-get',
      ['indextargets', '--format', '$(FILENAME)', 'Created-By: Translations', `Language: ${language}`],
      'stdout',
    );
    const files = output.split('\n').filter(Boolean);
    if (files.length === 0) return undefined;
    const cat = spawn('/usr/lib/apt/apt-helper', ['cat-file', ...files], {
      stdio: ['ignore', 'pipe', 'ignore'],
      ...(this.#signal ? { signal: this.#signal } : {}),
    });
    const exit = new Promise<number>((resolve, reject) => {
      cat.once('error', reject);
      cat.once('close', (code) => resolve(code ?? 1));
    });
    const [, code] = await Promise.all([pipeline(cat.stdout, createWriteStream(path)), exit]);
    if (code !== 0 || (await stat(path)).size === 0) return undefined;
    const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
    return new Date(Math.max(...times)).toISOString().slice(0, 10);
  }

  /** `#clear` empties what the machine's own configuration has set: hooks that would touch its caches, other lists. */
  #configuration(): string {
    const languages = this.#languages.length > 0 ? this.#languages : ['none'];
    return `#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
#clear Acquire::Languages;
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::CNF;
Dir::State "${this.#dir}/state";
Dir::State::status "${this.#dir}/status";
Dir::Cache "${this.#dir}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Acquire::Languages { ${languages.map((language) => `"${language}";`).join(' ')} };
Acquire::Retries "2";
APT::Sandbox::User "";
`;
  }

  async #run(program: string, args: string[], only?: 'stdout'): Promise<{ code: number; output: string }> {
    this.#signal?.throwIfAborted();
    const child = spawn(program, ['-c', join(this.#dir, 'apt.conf'), ...args], {
      cwd: this.downloads,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      ...(this.#signal ? { signal: this.#signal } : {}),
    });
    let output = '';
    const add = (text: string) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', only === 'stdout' ? () => {} : add);
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => resolve(exit ?? 1));
    }).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw error;
    });
    // Ctrl-C reaches apt as well: that it failed then is no finding.
    this.#signal?.throwIfAborted();
    return { code, output };
  }
}

/** apt's first error. */
function reasonOf(output: string): string {
  const line = output.split('\n').find((one) => /^E: /.test(one)) ?? 'without a word';
  return line.replace(/^E: /, '').slice(0, 200);
}

async function sizeOf(dir: string): Promise<number> {
  let total = 0;
  try {
    for (const name of await readdir(dir, { recursive: true }))
      total += (await stat(join(dir, name)).catch(() => ({ size: 0 }))).size;
  } catch {
    // The folder is gone: what was asked for has ended.
  }
  return total;
}
