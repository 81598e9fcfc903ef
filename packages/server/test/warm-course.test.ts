import { LucieError } from '@lucie/ledger';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../src/index.ts';
import { type Warmable, warmCourse } from '../src/warm-course.ts';

/** An engine whose tokens are letters, with the template that is given, and that keeps what it read. */
function engine(template: (messages: readonly ChatMessage[]) => string) {
  const read: string[] = [];
  const model: Warmable = {
    chatPrompt: (messages) => ({
      tokens: Array.from(template(messages), (letter) => letter.codePointAt(0)!),
    }),
    async warm(tokens) {
      read.push(String.fromCodePoint(...Array.from(tokens)));
      return { tokens: tokens.length, reused: 0, kept: true, stored: true };
    },
  };
  return { model, read };
}

const plain = (messages: readonly ChatMessage[]) =>
  `${messages.map(({ role, content }) => `<${role}>${content}`).join('')}<assistant>`;

describe('reading a course in advance', () => {
  it('reads what every conversation about it begins with, the question left out', async () => {
    const { model, read } = engine(plain);
    expect(await warmCourse(model, 'Le cours.')).toEqual({
      tokens: 23,
      reused: 0,
      kept: true,
      stored: true,
      as: 'system',
    });
    expect(read).toEqual(['<system>Le cours.<user>']);
    const real = plain([
      { role: 'system', content: 'Le cours.' },
      { role: 'user', content: 'Quoi ?' },
    ]);
    expect(real.startsWith(read[0]!)).toBe(true);
  });

  it('can be broken off, refused for its length, and says whose course it is', async () => {
    const told: object[] = [];
    const { model } = engine(plain);
    const warm = model.warm;
    model.warm = (tokens, opts) => {
      told.push(opts);
      return warm(tokens, opts);
    };
    const { signal } = new AbortController();
    await warmCourse(model, 'Le cours.', { name: 'cm2', signal });
    expect(told).toEqual([{ name: 'cm2', signal }]);
    const admit = (tokens: number) => {
      throw new Error(`${tokens}`);
    };
    await expect(warmCourse(model, 'Le cours.', { admit })).rejects.toThrow('23');
    expect(told).toHaveLength(1);
  });

  it('fits a template that moves the system message into the first question', async () => {
    const { model, read } = engine(([system, user]) => `[INST]${system!.content}\n${user!.content}[/INST]`);
    await warmCourse(model, 'Le cours.');
    expect(read).toEqual(['[INST]Le cours.\n']);
  });

  it('begins the first question with it where the template knows no system message', async () => {
    const { model, read } = engine((messages) => {
      if (messages[0]!.role !== 'system') return plain(messages);
      throw new LucieError({ code: 'CHAT_INVALID', found: 'system', expected: 'user', todo: 'change it' });
    });
    expect((await warmCourse(model, 'Le cours.')).as).toBe('user');
    expect(read).toEqual(['<user>Le cours.\n\n']);
  });

  it('passes on that a course is too long', async () => {
    const { model } = engine(plain);
    model.warm = async () => {
      throw new LucieError({ code: 'PROMPT_TOO_LONG', found: '9', expected: '8', todo: 'shorten' });
    };
    await expect(warmCourse(model, 'Le cours.')).rejects.toMatchObject({ code: 'PROMPT_TOO_LONG' });
  });
});
