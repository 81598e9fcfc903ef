import { LucieError } from '@lucie/ledger';

/** How the hub is asked. */
export interface HubConnection {
  hubUrl: string;
  accessToken?: string;
  fetch: typeof fetch;
}

/** The server answered a request for a part with the whole. */
export class RangeIgnored extends Error {}

const HUB_URL = 'https://huggingface.co';

/**
 * The hub of `HF_ENDPOINT` with the token of `HF_TOKEN`, as the hub's own tools take them. The token goes to that server
 * alone, also where an answer names another address to go on at.
 * @throws LucieError `HUB_TOKEN`
 */
export function connectHub(opts: { signal: AbortSignal; hubUrl?: string | undefined }): HubConnection {
  const hubUrl = (opts.hubUrl ?? process.env.HF_ENDPOINT ?? HUB_URL).replace(/\/+$/, '');
  if (!URL.canParse(hubUrl)) {
    throw new LucieError({
      code: 'HUB_BAD_ENDPOINT',
      found: `HF_ENDPOINT ${JSON.stringify(hubUrl)}`,
      expected: 'the address of a hub, with https://',
      todo: 'correct or unset HF_ENDPOINT',
      exitCode: 2,
    });
  }
  const accessToken = process.env.HF_TOKEN?.trim();
  if (accessToken && !/^hf_\w+$/.test(accessToken)) {
    throw new LucieError({
      code: 'HUB_TOKEN',
      found: 'a HF_TOKEN that is none (it is not shown)',
      expected: 'a token of the hub, which begins with hf_',
      todo: 'correct or unset HF_TOKEN',
      exitCode: 2,
    });
  }
  const { origin } = new URL(hubUrl);
  return {
    hubUrl,
    ...(accessToken ? { accessToken } : {}),
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(init?.headers);
      if (url.origin !== origin) headers.delete('authorization');
      // Without Xet: its chunks come in an order of their own, while a plain range resumes anywhere.
      if (headers.get('accept')?.includes('xet')) headers.delete('accept');
      const response = await fetch(input, { ...init, headers, signal: opts.signal });
      if (headers.has('range') && response.status === 200) {
        await response.body?.cancel();
        throw new RangeIgnored('the server sends whole files only');
      }
      return response;
    },
  };
}
