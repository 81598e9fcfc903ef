import { ScriptedModel } from '../../server/test/scripted-model.ts';

/** Writes a few words and then waits until it is let go on, or cancelled: what is seen meanwhile depends on no clock. */
export class HeldModel extends ScriptedModel {
  #words = Number.POSITIVE_INFINITY;
  #letGo = Promise.withResolvers<void>();

  /** From now on answers stop after so many words. */
  holdAfter(words: number): void {
    this.#words = words;
    this.#letGo = Promise.withResolvers();
  }

  letGo(): void {
    this.#words = Number.POSITIVE_INFINITY;
    this.#letGo.resolve();
  }

  override generate(request: Parameters<ScriptedModel['generate']>[0]) {
    const answer = super.generate(request);
    const words = answer[Symbol.asyncIterator].bind(answer);
    const held = () => {
      const cancelled = new Promise<void>((resolve) => {
        request.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return Promise.race([this.#letGo.promise, cancelled]);
    };
    const stopped = () => answer.completionTokens > this.#words;
    answer[Symbol.asyncIterator] = async function* () {
      for await (const word of { [Symbol.asyncIterator]: words }) {
        if (stopped()) await held();
        yield word;
      }
    };
    return answer;
  }
}
