import vm from 'node:vm';
import { Template } from '@huggingface/jinja';
import { LucieError } from '@lucie/ledger';

/** A hundred messages take a few milliseconds. */
const MOST_MS = 1000;

const compiled = new Map<string, Template>();

// Only a script of `vm` can be broken off: templates come from the network, and may loop as they like.
const sandbox = vm.createContext({ render: () => '' });
const script = new vm.Script('render()');

/**
 * Renders a Jinja template, for a second at most: nobody else is served meanwhile.
 * @throws LucieError `TEMPLATE_ENDLESS`; what the template refuses with, or the parser
 */
export function renderTemplate(template: string, values: Record<string, unknown>): string {
  sandbox.render = () => {
    const ready = compiled.get(template) ?? new Template(template);
    compiled.set(template, ready);
    return ready.render(values);
  };
  try {
    return script.runInContext(sandbox, { timeout: MOST_MS }) as string;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new LucieError({
      code: 'TEMPLATE_ENDLESS',
      found: `a chat template that is not done after ${MOST_MS} ms`,
      expected: 'one that comes to an end',
      todo: 'name another model, and report this one to those who published it',
    });
  } finally {
    sandbox.render = () => '';
  }
}
