import { type Endpoint, endpoints } from './endpoints.ts';

const HEAD = `# HTTP API

Made from \`packages/server/src/openapi/endpoints.ts\`; a test keeps it so. The shapes of bodies and answers: \`GET /openapi.json\`
of any server. Errors are OpenAI's: \`{"error": {"message", "type", "param", "code"}}\`, the message a sentence for people.
With keys, a request carries one that is good for the scope (\`./lucie keys create NAME --scopes …\`).
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
`;
}

function takes({ body, upload }: Endpoint): string {
  if (upload) return 'a form with `file`, or the file itself';
  return body ? 'JSON' : '';
}

function gives({ answer, chunk }: Endpoint): string {
  if (!answer) return 'a file';
  return chunk ? 'JSON, or events with `stream: true`' : 'JSON';
}
