import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isLucieError, LucieError, takeLock, writeJson } from '@lucie/ledger';
import { hashApiKey, newApiKey } from './api-key.ts';
import { DEFAULT_SCOPES, type KeyRecord, keyFile, keyRecord, keyState, type Scope } from './key-record.ts';

/** What a new key may do; what is absent is not limited. */
export interface NewKey {
  name: string;
  scopes?: readonly Scope[];
  models?: readonly string[];
  expires?: Date;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
}

/**
 * The keys of one server: `keys.json` in its state folder, readable by its owner alone, without the keys themselves.
 * Read again whenever the file changes, so that a revocation works at the next request.
 */
export class KeyStore {
  readonly path: string;
  #stamp = '';
  #keys: KeyRecord[] = [];

  /** @param stateDir - made when the first key is */
  constructor(stateDir: string) {
    this.path = join(stateDir, 'keys.json');
  }

  /** @throws LucieError `KEYS_INVALID`: a file that cannot be read opens nothing, rather than what it said before */
  list(): readonly KeyRecord[] {
    const stamp = stampOf(this.path);
    if (stamp !== this.#stamp) {
      this.#keys = stamp === '' ? [] : read(this.path);
      this.#stamp = stamp;
    }
    return this.#keys;
  }

  /** The record of this key, whatever its state. Every hash is compared in full, so that time tells nothing. */
  find(key: string): KeyRecord | undefined {
    const hash = Buffer.from(hashApiKey(key), 'hex');
    let found: KeyRecord | undefined;
    for (const record of this.list()) {
      if (timingSafeEqual(hash, Buffer.from(record.hash, 'hex'))) found = record;
    }
    return found;
  }

  /**
   * Makes a key; it is returned here and nowhere else ever again.
   * @throws LucieError `KEY_NAME_TAKEN`, `KEY_INVALID`, `KEYS_INVALID`, `KEYS_BUSY`
   */
  async create(key: NewKey): Promise<{ key: string; record: KeyRecord }> {
    const secret = newApiKey();
    const parsed = keyRecord.safeParse({
      id: `key-${randomBytes(4).toString('hex')}`,
      name: key.name,
      hash: hashApiKey(secret),
      scopes: [...new Set(key.scopes ?? DEFAULT_SCOPES)],
      ...(key.models ? { models: [...key.models] } : {}),
      created: new Date().toISOString(),
      ...(key.expires ? { expires: key.expires.toISOString() } : {}),
      ...(key.requestsPerMinute === undefined ? {} : { requestsPerMinute: key.requestsPerMinute }),
      ...(key.tokensPerMinute === undefined ? {} : { tokensPerMinute: key.tokensPerMinute }),
    });
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new LucieError({
        code: 'KEY_INVALID',
        found: `a key whose ${issue.path.join('.')} does not fit`,
        expected:
          issue.path[0] === 'name'
            ? 'a name of at most 64 letters, digits, spaces, dots, dashes'
            : issue.message.replace(/^.*expected /, ''),
        todo: 'correct it',
        exitCode: 2,
      });
    }
    if (/^key-[0-9a-f]{8}$/.test(key.name)) {
      throw new LucieError({
        code: 'KEY_INVALID',
        found: `the name ${key.name}, which looks like the id of a key`,
        expected: 'a name that cannot be taken for one when a key is revoked',
        todo: 'choose another name',
        exitCode: 2,
      });
    }
    await this.#change((keys) => {
      if (keys.some((other) => other.name === key.name && keyState(other, Date.now()) === 'usable')) {
        throw new LucieError({
          code: 'KEY_NAME_TAKEN',
          found: `a key named ${key.name} already`,
          expected: 'a name of its own for each key, so that one can be revoked alone',
          todo: 'choose another name, or revoke that key first',
        });
      }
      return [...keys, parsed.data];
    });
    return { key: secret, record: parsed.data };
  }

  /**
   * Ends a key from the next request on.
   * @param which - its id, or its name
   * @throws LucieError `KEY_UNKNOWN`, `KEYS_INVALID`, `KEYS_BUSY`
   */
  async revoke(which: string): Promise<KeyRecord> {
    let revoked: KeyRecord | undefined;
    await this.#change((keys) =>
      keys.map((key) => {
        if (key.revoked !== undefined || (key.id !== which && key.name !== which)) return key;
        return (revoked = { ...key, revoked: new Date().toISOString() });
      }),
    );
    if (revoked) return revoked;
    throw new LucieError({
      code: 'KEY_UNKNOWN',
      found: `no live key with the id or name ${which}`,
      expected: 'one of those that ./lucie keys list shows',
      todo: 'correct the name',
      exitCode: 2,
    });
  }

  /** Reads, changes and writes while no other process does. */
  async #change(change: (keys: readonly KeyRecord[]) => KeyRecord[]): Promise<void> {
    using _lock = await lock(`${this.path}.lock`);
    await writeJson(this.path, { version: 1, keys: change(this.list()) }, { mode: 0o600 });
  }
}

/** Changing the file takes milliseconds: who waits five seconds in vain waits for something else. */
async function lock(path: string): Promise<Disposable> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await takeLock(path);
    } catch (error) {
      if (!isLucieError(error) || error.code !== 'ALREADY_RUNNING') throw error;
      if (attempt === 50) {
        throw new LucieError({
          code: 'KEYS_BUSY',
          found: `${path} held by another process`,
          expected: 'nobody else changing the keys',
          todo: 'wait for the other ./lucie keys to end, then call again',
          cause: error,
        });
      }
      await delay(100);
    }
  }
}

/** Changes with every rename; empty when there is no file. */
function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : '';
}

function read(path: string): KeyRecord[] {
  try {
    return keyFile.parse(JSON.parse(readFileSync(path, 'utf8'))).keys;
  } catch (error) {
    throw new LucieError({
      code: 'KEYS_INVALID',
      found: `${path}, which is not a file of keys or may not be read`,
      expected: 'the file as ./lucie keys wrote it, owned by the account that serves',
      todo: 'put back its copy, or remove it and create the keys anew',
      cause: error,
    });
  }
}
