import { OpenAPIHono, z } from '@hono/zod-openapi';
import { errorResponse } from '../api/response-shapes.ts';
import { type Endpoint, endpoints } from './endpoints.ts';

const DESCRIPTION = `OpenAI's API, as far as this server honours it, with fields of its own.

Fields that change nothing about an answer pass unread; those that would change it and are not honoured (tools, audio,
suffix, echo…) are refused. A body holds at most 1 MiB and 32 levels. Every answer carries \`lucie\`: its energy, the
model's gate verdicts, its time in line. A stream ends with \`data: [DONE]\`; comments (\`: place 3\`) tell the place in
line. When \`deadline_ms\` cuts an answer, it ends with \`finish_reason: "length"\` and \`lucie.deadline: true\`; when not a
token was written in time, with the status 504.

A room holds documents, and answers questions from them with proof: by \`/v1/rooms/{room}/answer\`, or as the model
\`room:{room}\` of /v1/chat/completions, whose message then has \`annotations\` (indices as JavaScript's \`slice\`) and whose
\`lucie\` has the citations. It opens to the key that made it and to keys made for it (\`--models room:{room}\`).`;

const fileBytes = z.string().openapi({ format: 'binary' });
const uploadForm = z.object({
  file: fileBytes,
  name: z.string().optional().openapi({ description: "Default: the file's own." }),
});

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** The API as an OpenAPI 3.1 document, made from the very shapes that requests are checked against. */
export function openApiDocument(): Document {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  const key = registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const endpoint of endpoints) {
    registry.registerPath({
      method: endpoint.method,
      path: endpoint.path,
      operationId: operationId(endpoint),
      summary: endpoint.summary,
      // A server without keys needs none.
      security: [{ [key.name]: [] }, {}],
      request: request(endpoint),
      responses: {
        200: { description: 'The answer.', content: answerContent(endpoint) },
        default: {
          description: 'What went wrong, with a sentence for people.',
          content: { 'application/json': { schema: errorResponse } },
        },
      },
    });
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'LUCIE', version: '1', description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/' }],
  });
}

function request({ path, body, upload }: Endpoint) {
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1]!);
  return {
    ...(names.length > 0
      ? { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }
      : {}),
    ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    ...(upload
      ? {
          headers: z.object({
            'X-Document-Name': z.string().optional().openapi({
              description: "The file's name, percent-encoded, where the body is the file itself.",
            }),
          }),
          body: {
            required: true,
            content: {
              'multipart/form-data': { schema: uploadForm },
              'application/octet-stream': { schema: fileBytes },
            },
          },
        }
      : {}),
  };
}

function answerContent({ answer, chunk }: Endpoint) {
  if (!answer) return { 'application/octet-stream': { schema: fileBytes } };
  return {
    'application/json': { schema: answer },
    ...(chunk ? { 'text/event-stream': { schema: chunk } } : {}),
  };
}

/** e.g. `postChatCompletions` */
function operationId({ method, path }: Endpoint): string {
  const words = path.replace('/v1/', '').split(/[^a-z]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
