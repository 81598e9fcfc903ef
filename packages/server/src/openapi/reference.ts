import { type Endpoint, endpoints } from './endpoints.ts';

const HEAD = `# HTTP API

Made from \`packages/server/src/openapi/endpoints.ts\`; a test keeps it so. The shapes of bodies and answers: \`GET /openapi.json\`
of any server. Errors are OpenAI's: \`{"error": {"message", "type", "param", "code"}}\`, the message a sentence for people.
With keys, a request carries one that is good for the scope (\`./lucie keys create NAME --scopes …\`).
`;

/** What a program that talks to rooms may hear, beside what every route says. */
const ROOMS = `
## What rooms refuse

| status | code | when |
|---|---|---|
| 400 | \`file_missing\`, \`invalid_form\` | no file, an empty one, several in one form, a form that is cut |
| 400 | \`search_by_words_only\`, \`room_no_vectors\` | a search by meaning where there are no vectors |
| 400 | \`unsupported_parameter\` | as a model: \`n\`, \`logprobs\`, \`grammar\`, \`response_format\` |
| 404 | \`room_not_found\`, \`document_not_found\`, \`page_not_found\` | not there, or not for this key |
| 404 | \`rooms_not_kept\` | the server has no folder for rooms |
| 408 | \`upload_stalled\` | nothing more of the file came for 30 s |
| 409 | \`too_many_rooms\`, \`room_full\` | beyond \`--max-rooms\`; beyond \`--max-documents\` or \`--max-room-size\` |
| 413 | \`body_too_large\`, \`document_too_large\` | more than 32 MiB; more pages, characters or memory than are read |
| 415, 422 | \`document_format\`; \`document_broken\`, \`document_empty\`, \`document_too_slow\` | what cannot be read |
| 429 | \`too_many_uploads\`, \`too_many_exports\` | 8 files, 4 copies at the same time |
| 500 | \`room_broken\`, \`room_not_a_room\`, \`room_too_new\` | its file cannot be read; \`DELETE\` removes it |
| 500, 503, 507 | \`storage_failed\`, \`rooms_folder\`; \`storage_busy\`; \`disk_full\` | what the disk does |

A download that nobody reads for 30 s is broken off. Indices of annotations count UTF-16 units, as JavaScript's \`slice\` does.
`;

/** `docs/reference/http-api.md`, from the table of endpoints. */
export function apiReference(): string {
  const rows = endpoints.map(
    (endpoint) =>
      `| \`${endpoint.method.toUpperCase()} ${endpoint.path}\` | ${endpoint.summary} | ${takes(endpoint)} | ${gives(endpoint)} | \`${endpoint.scope}\` |`,
  );
  return `${HEAD}
| route | what it does | takes | gives | scope |
|---|---|---|---|---|
${rows.join('\n')}
${ROOMS}`;
}

function takes({ body, upload }: Endpoint): string {
  if (upload) return 'a form with `file`, or the file itself';
  return body ? 'JSON' : '';
}

function gives({ answer, chunk }: Endpoint): string {
  if (!answer) return 'a file';
  return chunk ? 'JSON, or events with `stream: true`' : 'JSON';
}
