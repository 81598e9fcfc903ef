import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const openers: Partial<Record<NodeJS.Platform, [command: string, ...before: string[]]>> = {
  darwin: ['open'],
  win32: ['explorer'],
};

/** Shows a file in the system's browser; where there is none, says where the file is. */
export function openInBrowser(path: string): Promise<void> {
  const [command, ...before] = openers[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(command, [...before, pathToFileURL(path).href], { stdio: 'ignore', detached: true });
    child.once('error', () => {
      process.stderr.write(`No browser was found here; the page is ${path}\n`);
      resolve();
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
