import { z } from 'zod';

/** What a key may be allowed to do; each route asks for one of them. */
export const SCOPES = [
  'chat',
  'embeddings',
  'tokenize',
  'models',
  'metrics',
  'warm',
  /** See rooms, search them, ask them. */
  'rooms',
  /** Make rooms and erase them, add documents and remove them, take copies. */
  'documents',
] as const;

export type Scope = (typeof SCOPES)[number];

/** What a key may do when nothing is said: talk to models and to rooms. Not the operator's part, nor the teacher's. */
export const DEFAULT_SCOPES: readonly Scope[] = ['chat', 'embeddings', 'tokenize', 'models', 'rooms'];

const perMinute = z.number().int().min(1).max(1e9);

/** A key as it is kept: everything but the key. */
export const keyRecord = z.strictObject({
  /** Public handle, by which `lucie keys revoke` and the log know it. */
  id: z.string().regex(/^key-[0-9a-f]{8}$/),
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u),
  /** SHA-256 of the key, in hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** Absent: every model. */
  models: z.array(z.string().min(1)).min(1).optional(),
  created: z.iso.datetime(),
  expires: z.iso.datetime().optional(),
  revoked: z.iso.datetime().optional(),
  requestsPerMinute: perMinute.optional(),
  tokensPerMinute: perMinute.optional(),
});

export type KeyRecord = z.infer<typeof keyRecord>;

export const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(keyRecord) });

/** Whether a key opens anything at `now`, and if not, why. */
export function keyState(key: KeyRecord, now: number): 'usable' | 'revoked' | 'expired' {
  if (key.revoked !== undefined) return 'revoked';
  return key.expires !== undefined && now >= Date.parse(key.expires) ? 'expired' : 'usable';
}
