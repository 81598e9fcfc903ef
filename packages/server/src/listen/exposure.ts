import { LucieError } from '@lucie/ledger';
import { keyState } from '../keys/key-record.ts';
import type { KeyStore } from '../keys/key-store.ts';
import { isLoopbackHost } from './from-this-machine.ts';

/** What the operator said: `--keys`, `--no-keys`, or nothing. */
export type KeyPolicy = 'required' | 'none' | undefined;

/**
 * Decides whether keys are asked for. Unsaid: as soon as there is a usable one. A server that others can reach asks for
 * keys unless `--no-keys` was said: local servers that came open to the network by default were its users' complaint.
 * @returns the store to ask, or undefined when no key is needed
 * @throws LucieError `KEYS_NEEDED` (exit code 2), `KEYS_INVALID`
 */
export function keysAsked(policy: KeyPolicy, host: string, store: KeyStore): KeyStore | undefined {
  if (policy === 'none') return undefined;
  const usable = store.list().some((key) => keyState(key, Date.now()) === 'usable');
  if (usable) return store;
  // A file whose keys have all ended still asks: an expiry must not open the door.
  if (policy === undefined && isLoopbackHost(host) && store.list().length === 0) return undefined;
  throw new LucieError({
    code: 'KEYS_NEEDED',
    found: `no usable key in ${store.path}, for a server that listens on ${host}`,
    expected: 'at least one key before others can reach it, or --no-keys said outright',
    todo: 'make one: ./lucie keys create classe',
    exitCode: 2,
  });
}
