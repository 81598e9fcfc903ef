import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs Debian's Chromium for the browser tests where this process may (root, apt). Elsewhere, or when it fails,
 * those tests skip themselves with a reason.
 */
export async function installChromium(): Promise<void> {
  if (existsSync('/usr/bin/chromium') || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  process.stderr.write('Set-up: Chromium for the browser tests (Debian package) …\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env,
      maxBuffer: 64 << 20,
    });
  } catch (error) {
    process.stderr.write(
      `Set-up: Chromium could not be installed (${(error as Error).message.split('\n')[0]}); browser tests will be skipped\n`,
    );
  }
}
