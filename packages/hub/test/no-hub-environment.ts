import { afterEach, beforeEach } from 'vitest';

/** Tests know of no hub and no token of whoever runs them; what they set themselves goes at their end. */
export function noHubEnvironment(): void {
  const environment = { ...process.env };
  beforeEach(() => {
    delete process.env.HF_TOKEN;
    delete process.env.HF_ENDPOINT;
    delete process.env.HF_HUB_OFFLINE;
  });
  afterEach(() => {
    process.env = { ...environment };
  });
}
