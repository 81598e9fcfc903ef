import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey, isApiKey, newApiKey } from '../src/keys/api-key.ts';
import { keyState } from '../src/keys/key-record.ts';
import { KeyStore } from '../src/keys/key-store.ts';

async function store(): Promise<KeyStore> {
  return new KeyStore(await mkdtemp(join(tmpdir(), 'keys-')));
}

describe('a key', () => {
  it('is lucie-sk-, 256 bits and a checksum, never twice the same', () => {
    const keys = Array.from({ length: 200 }, newApiKey);
    expect(new Set(keys).size).toBe(200);
    for (const key of keys) {
      expect(key).toMatch(/^lucie-sk-[A-Za-z0-9_-]{49}$/);
      expect(Buffer.from(key.slice(9, 52), 'base64url')).toHaveLength(32);
      expect(isApiKey(key)).toBe(true);
    }
  });

  it('is told from one with a letter changed, cut or added anywhere', () => {
    const key = newApiKey();
    for (let i = 0; i < key.length; i++) {
      const other = key[i] === 'A' ? 'B' : 'A';
      expect(isApiKey(key.slice(0, i) + other + key.slice(i + 1))).toBe(false);
    }
    for (const wrong of ['', 'lucie-sk-', key.slice(0, -1), `${key}A`, `sk-${key.slice(9)}`]) {
      expect(isApiKey(wrong)).toBe(false);
    }
  });

  it('is kept as its SHA-256', () => {
    const key = newApiKey();
    expect(hashApiKey(key)).toBe(createHash('sha256').update(key).digest('hex'));
  });
});

describe('the store', () => {
  it('keeps no key, and lets nobody else read the file', async () => {
    const keys = await store();
    const { key, record } = await keys.create({ name: 'Classe 4eB' });
    const text = readFileSync(keys.path, 'utf8');
    expect(text).not.toContain(key);
    expect(text).not.toContain(key.slice(9, 40));
    expect(text).toContain(record.hash);
    expect(statSync(keys.path).mode & 0o777).toBe(0o600);
    await keys.revoke('Classe 4eB');
    expect(statSync(keys.path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${keys.path}.lock`)).toBe(false);
  });

  it('finds a key by the whole of it alone', async () => {
    const keys = await store();
    const a = await keys.create({ name: 'a' });
    const b = await keys.create({ name: 'b', scopes: ['metrics', 'metrics'] });
    expect(keys.find(a.key)).toEqual(a.record);
    expect(keys.find(b.key)?.scopes).toEqual(['metrics']);
    expect(keys.find(newApiKey())).toBeUndefined();
    expect(keys.find(a.record.hash)).toBeUndefined();
  });

  it('may talk to models unless more was said, not watch or change the server', async () => {
    const { record } = await (await store()).create({ name: 'a' });
    expect(record.scopes).toEqual(['chat', 'embeddings', 'tokenize', 'models', 'rooms']);
  });

  it('sees at once what another process has changed', async () => {
    const keys = await store();
    const other = new KeyStore(join(keys.path, '..'));
    expect(keys.list()).toEqual([]);
    const { key } = await other.create({ name: 'a' });
    expect(keys.find(key)?.revoked).toBeUndefined();
    await other.revoke('a');
    expect(keys.find(key)?.revoked).toBeDefined();
  });

  it('loses no key of ten made at once', async () => {
    const keys = await store();
    const dir = join(keys.path, '..');
    await Promise.all(Array.from({ length: 10 }, (_, i) => new KeyStore(dir).create({ name: `k${i}` })));
    expect(
      keys
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Array.from({ length: 10 }, (_, i) => `k${i}`));
  });

  it('takes no name that could be another key’s id', async () => {
    const keys = await store();
    const { record } = await keys.create({ name: 'classe' });
    await expect(keys.create({ name: record.id })).rejects.toMatchObject({
      code: 'KEY_INVALID',
      exitCode: 2,
    });
  });

  it('revokes by id or name, once; a name is free again then', async () => {
    const keys = await store();
    const { record } = await keys.create({ name: 'a' });
    await expect(keys.create({ name: 'a' })).rejects.toMatchObject({ code: 'KEY_NAME_TAKEN' });
    expect((await keys.revoke(record.id)).id).toBe(record.id);
    await expect(keys.revoke('a')).rejects.toMatchObject({ code: 'KEY_UNKNOWN', exitCode: 2 });
    const { record: second } = await keys.create({ name: 'a' });
    expect((await keys.revoke('a')).id).toBe(second.id);
    expect(keys.list().every(({ revoked }) => revoked !== undefined)).toBe(true);
  });

  it.each([
    [{ name: '' }],
    [{ name: 'a\nb' }],
    [{ name: 'a', requestsPerMinute: 0 }],
    [{ name: 'a', tokensPerMinute: 1.5 }],
  ])('refuses %j and writes nothing', async (key) => {
    const keys = await store();
    await expect(keys.create(key)).rejects.toMatchObject({ code: 'KEY_INVALID', exitCode: 2 });
    expect(existsSync(keys.path)).toBe(false);
  });

  it.each(['', '{', '[]', '{"version":2,"keys":[]}', '{"version":1,"keys":[{"id":"key-00000000"}]}'])(
    'opens nothing with a damaged file: %j',
    async (text) => {
      const keys = await store();
      const { key } = await keys.create({ name: 'a' });
      expect(keys.find(key)).toBeDefined();
      writeFileSync(keys.path, text);
      for (let again = 0; again < 2; again++) {
        expect(() => keys.find(key)).toThrow(expect.objectContaining({ code: 'KEYS_INVALID' }));
      }
      await expect(keys.create({ name: 'b' })).rejects.toMatchObject({ code: 'KEYS_INVALID' });
      expect(readFileSync(keys.path, 'utf8')).toBe(text);
    },
  );
});

it('a key ends at the very moment of its expiry, and a revoked one is revoked first of all', async () => {
  const expires = new Date('2030-01-01T00:00:00Z');
  const { record } = await (await store()).create({ name: 'a', expires });
  expect(keyState(record, expires.getTime() - 1)).toBe('usable');
  expect(keyState(record, expires.getTime())).toBe('expired');
  expect(keyState({ ...record, revoked: '2029-01-01T00:00:00Z' }, 0)).toBe('revoked');
});
