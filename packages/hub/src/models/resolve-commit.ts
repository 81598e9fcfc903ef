import { z } from 'zod';
import type { HubConnection } from '../hub-connection.ts';
import { HubStatus } from '../hub-error.ts';

const answerShape = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * The commit that a branch or tag of a model is now.
 * @throws HubStatus, SyntaxError (an answer that is none of a hub), what fetch throws
 */
export async function resolveCommit(
  repo: string,
  opts: { revision: string; connection: HubConnection },
): Promise<string> {
  const { hubUrl, ask } = opts.connection;
  const response = await ask(`${hubUrl}/api/models/${repo}/revision/${encodeURIComponent(opts.revision)}`, {
    headers: { accept: 'application/json' },
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new HubStatus(response);
  }
  const answer = answerShape.safeParse(JSON.parse(await response.text()));
  if (!answer.success) throw new SyntaxError('no commit in it');
  return answer.data.sha;
}
