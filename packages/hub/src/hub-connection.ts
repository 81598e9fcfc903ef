import { LucieError } from '@lucie/ledger';

/** How the hub is asked. */
export interface HubConnection {
  hubUrl: string;
  accessToken?: string;
  fetch: typeof fetch;
  /** For short questions, with the token: an answer that is not there whole after `askMs` counts as a dropped connection. */
  ask: typeof fetch;
}

const ASK_MS = 30_000;

const HUB_URL = 'https://huggingface.co';

/** True where the hub's own switch `HF_HUB_OFFLINE` forbids every connection. */
export function isOffline(): boolean {
  return /^(1|true|yes|on)$/i.test(process.env.HF_HUB_OFFLINE?.trim() ?? '');
}

/**
 * The hub of `HF_ENDPOINT` with the token of `HF_TOKEN`, as the hub's own tools take them. The token goes to that server
 * alone, also where an answer names another address to go on at.
 * @throws LucieError `HUB_BAD_ENDPOINT`, `HUB_TOKEN`; when asked: `HUB_OFFLINE`
 */
export function connectHub(opts: {
  signal: AbortSignal;
  /** In place of `HF_ENDPOINT`. */
  hubUrl?: string | undefined;
  /** In place of `HF_HUB_OFFLINE`. */
  offline?: boolean | undefined;
  /** Default half a minute. */
  askMs?: number | undefined;
}): HubConnection {
  const hubUrl = (opts.hubUrl ?? process.env.HF_ENDPOINT ?? HUB_URL).replace(/\/+$/, '');
  if (!/^https?:\/\//i.test(hubUrl) || !URL.canParse(hubUrl)) {
    throw new LucieError({
      code: 'HUB_BAD_ENDPOINT',
      found: `HF_ENDPOINT ${JSON.stringify(hubUrl)}`,
      expected: 'the address of a hub, with https://',
      todo: 'correct or unset HF_ENDPOINT',
      exitCode: 2,
    });
  }
  const accessToken = process.env.HF_TOKEN?.trim();
  const offline = opts.offline ?? isOffline();
  // Other hubs than the first one have tokens of other shapes.
  if (!offline && accessToken && !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new LucieError({
      code: 'HUB_TOKEN',
      found: 'a HF_TOKEN that is none (it is not shown)',
      expected: 'a token of the hub: letters, digits and signs of ASCII without spaces',
      todo: 'correct or unset HF_TOKEN',
      exitCode: 2,
    });
  }
  const { origin } = new URL(hubUrl);
  const connected: typeof fetch = async (input, init) => {
    if (offline) throw offlineError();
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    if (url.origin !== origin) headers.delete('authorization');
    const signal = init?.signal ? AbortSignal.any([opts.signal, init.signal]) : opts.signal;
    return fetch(input, { ...init, headers, signal });
  };
  return {
    hubUrl,
    ...(accessToken ? { accessToken } : {}),
    fetch: connected,
    ask: (input, init) => {
      const headers = new Headers(init?.headers);
      if (accessToken) headers.set('authorization', `Bearer ${accessToken}`);
      return connected(input, { ...init, headers, signal: AbortSignal.timeout(opts.askMs ?? ASK_MS) });
    },
  };
}

function offlineError(): LucieError {
  return new LucieError({
    code: 'HUB_OFFLINE',
    found: 'something that is not on this machine',
    expected: 'no connection to be needed (HF_HUB_OFFLINE or --offline)',
    todo: 'fetch it once with a network, or copy the cache of a machine that has it',
  });
}
