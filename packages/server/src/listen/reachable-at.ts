import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Where people reach a server that listens on `host`: for "every address" (`0.0.0.0`, `::`) those of this machine, the
 * ones for others first, since nobody can type "every address" into a browser.
 */
export function reachableAt(host: string, url: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [url];
  const { port } = new URL(url);
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, scopeid }) => family === 'IPv4' || (host === '::' && !scopeid))
    .sort((a, b) => Number(a.internal) - Number(b.internal))
    .map(({ address }) => address);
  return addresses.map((address) => `http://${isIPv6(address) ? `[${address}]` : address}:${port}`);
}
