import { LucieError } from '@lucie/ledger';
import type { KeyRecord, NewKey, Scope } from '@lucie/server';
import { Command } from 'commander';
import { duration } from '../options/duration.ts';
import { listOf } from '../options/list-of.ts';
import { numberIn } from '../options/number-in.ts';
import { DEFAULT_STATE } from '../options/state-dir.ts';
import { textTable } from '../text-table.ts';

interface StateOptions {
  state: string;
  json?: boolean;
}

interface CreateOptions extends StateOptions {
  scopes?: string[];
  models?: string[];
  expires?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
}

/** `lucie keys create NAME`, `lucie keys list`, `lucie keys revoke NAME` */
export function keysVerb(): Command {
  return new Command('keys')
    .description('API keys: who may use a server that others can reach')
    .addCommand(createVerb())
    .addCommand(listVerb())
    .addCommand(revokeVerb())
    .addHelpText(
      'after',
      '\nExample:\n  ./lucie keys create salle-12 --expires 90d --requests-per-minute 120',
    );
}

function createVerb(): Command {
  const perMinute = numberIn(1, 1e9, { whole: true });
  return withState(new Command('create'))
    .description('make a key; it is shown once and kept nowhere')
    .argument('<name>', 'what the list calls it: a room, a program, not a pupil')
    .option('--scopes <list>', 'chat, embeddings, tokenize, models, metrics, warm, rooms, documents', listOf)
    .option('--models <list>', 'names of the only models that it opens', listOf)
    .option('--expires <time>', 'how long it holds, e.g. 8h, 90d', duration)
    .option('--requests-per-minute <n>', 'most requests in a minute', perMinute)
    .option('--tokens-per-minute <n>', 'most tokens in a minute, prompts and answers together', perMinute)
    .addHelpText(
      'after',
      '\nWithout --scopes: chat, embeddings, tokenize, models, rooms.\n\nExample:\n  ./lucie keys create salle-12 --expires 90d --models nano',
    )
    .action(async (name: string, options: CreateOptions) => {
      const { KeyStore, SCOPES } = await import('@lucie/server');
      const scopes = options.scopes?.map((text): Scope => {
        const scope = SCOPES.find((known) => known === text);
        if (scope) return scope;
        throw new LucieError({
          code: 'SCOPE_UNKNOWN',
          found: `the unknown scope ${text}`,
          expected: `some of ${SCOPES.join(', ')}`,
          todo: 'correct --scopes',
          exitCode: 2,
        });
      });
      const wanted: NewKey = {
        name,
        ...(scopes ? { scopes } : {}),
        ...(options.models ? { models: options.models } : {}),
        ...(options.expires === undefined ? {} : { expires: new Date(Date.now() + options.expires) }),
        ...(options.requestsPerMinute === undefined ? {} : { requestsPerMinute: options.requestsPerMinute }),
        ...(options.tokensPerMinute === undefined ? {} : { tokensPerMinute: options.tokensPerMinute }),
      };
      const { key, record } = await new KeyStore(options.state).create(wanted);
      process.stderr.write(
        `${record.id} ${record.name}: shown this once, kept nowhere; whoever has it may use it.\n`,
      );
      if (options.json) console.log(JSON.stringify({ ...shown(record), key }));
      else console.log(key);
    });
}

function listVerb(): Command {
  return withState(new Command('list'))
    .description('show the keys: names, scopes and ends, never the keys themselves')
    .addHelpText('after', '\nExample:\n  ./lucie keys list')
    .action(async (options: StateOptions) => {
      const { KeyStore, keyState } = await import('@lucie/server');
      const keys = new KeyStore(options.state).list();
      if (options.json) {
        console.log(
          JSON.stringify({ keys: keys.map((key) => ({ ...shown(key), state: keyState(key, Date.now()) })) }),
        );
        return;
      }
      if (keys.length === 0) {
        console.log('No keys yet. Make one: ./lucie keys create salle-12');
        return;
      }
      const rows = keys.map((key) => [
        key.name,
        key.id,
        keyState(key, Date.now()),
        key.scopes.join(','),
        key.models?.join(',') ?? 'all',
        key.expires?.slice(0, 10) ?? 'never',
        String(key.requestsPerMinute ?? '-'),
        String(key.tokensPerMinute ?? '-'),
      ]);
      const head = ['name', 'id', 'state', 'scopes', 'models', 'ends', 'requests/min', 'tokens/min'];
      for (const line of textTable(head, rows)) console.log(line);
    });
}

function revokeVerb(): Command {
  return withState(new Command('revoke'))
    .description('end a key, from the next request on')
    .argument('<name>', 'its name or its id')
    .addHelpText('after', '\nExample:\n  ./lucie keys revoke salle-12')
    .action(async (name: string, options: StateOptions) => {
      const { KeyStore } = await import('@lucie/server');
      const record = await new KeyStore(options.state).revoke(name);
      console.log(options.json ? JSON.stringify(shown(record)) : `${record.id} ${record.name}: revoked`);
    });
}

function withState(command: Command): Command {
  return command
    .option('--state <dir>', "the server's own folder, the same as for serve", DEFAULT_STATE)
    .option('--json', 'end with one JSON object');
}

/** Of the hash nobody needs to know. */
function shown(record: KeyRecord): Omit<KeyRecord, 'hash'> {
  const { hash: _, ...rest } = record;
  return rest;
}
