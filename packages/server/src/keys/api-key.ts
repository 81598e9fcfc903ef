import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'lucie-sk-';
/** 32 bytes in base64url. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

/** A new key: `lucie-sk-`, 256 random bits, and a checksum by which a mistyped or cut key is told from a revoked one. */
export function newApiKey(): string {
  const secret = randomBytes(32).toString('base64url');
  return `${PREFIX}${secret}${checksum(secret)}`;
}

/** Whether this has the form of a key of ours, checksum included; says nothing about whether it opens anything. */
export function isApiKey(text: string): boolean {
  if (!text.startsWith(PREFIX) || text.length !== PREFIX.length + SECRET_LENGTH + CHECKSUM_LENGTH)
    return false;
  const secret = text.slice(PREFIX.length, PREFIX.length + SECRET_LENGTH);
  return text.endsWith(checksum(secret));
}

/**
 * What is kept of a key: its SHA-256. The slow hashes made for passwords protect secrets that can be guessed; 256
 * random bits cannot, and a slow hash on every request would only be a way to tire the server.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function checksum(secret: string): string {
  return createHash('sha256').update(`${PREFIX}${secret}`).digest('base64url').slice(0, CHECKSUM_LENGTH);
}
