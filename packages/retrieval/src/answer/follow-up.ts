import { analyse } from '../words/analyse.ts';
import { unmask } from './unmask.ts';

/** One turn of a conversation about the documents. */
export interface Turn {
  role: 'user' | 'assistant';
  text: string;
}

/** What is asked now, understood with what was asked before. */
export interface Asked {
  /** The question whose answer is wanted. */
  question: string;
  /** Questions before it that help to understand it, never to support it: empty when it stands alone. */
  before: readonly string[];
}

/**
 * Insists on what was asked before. What the pupil claims (`le prof a dit que…`) is nobody's document: the question
 * before is asked again as it was.
 */
const INSISTS =
  /^(?:(?:mais|non|ben|bah|euh|ah|et|attends?|quand meme|enfin|oh|pff+)[ ,!.]*)*(?:si\b|pourtant\b|je (?:te|vous) (?:jure|assure|dis|promets)|je suis (?:sure?|certaine?)|j'en suis|c'est (?:faux|pas vrai|vrai|ecrit|sur)|tu (?:te trompes|mens|as tort)|vous vous trompez|(?:le|la|mon|ma|notre|un|une) (?:prof\w*|maitre\w*|copain|copine|ami\w*|livre|cahier|camarade|eleve)\b.{0,40}\b(?:dit|ecrit|explique|affirme|raconte|assure|redit|appris|montre)|(?:m|mme|mlle|monsieur|madame)\.? [a-z-]+ .{0,30}\b(?:dit|explique|affirme|assure|redit)|on (?:m'a|nous a|l'a|a) (?:dit|vu|explique|appris)|j'ai (?:lu|vu|entendu|appris)|j'etais la|cherche (?:mieux|encore)|reflechis|regarde (?:mieux|encore)|verifie|reponds (?:quand meme|moi))/;

/** Begins as a question that leans on the one before. */
const LEANS =
  /^(?:et|mais|ou|alors|donc)\b|^(?:pourquoi|comment|quand|combien|qui|ou|lequel|laquelle|lesquels|lesquelles)\s*\??$/;

/** More words with a matter than this stand alone, unless a pronoun begins the question. */
const FEW_WORDS = 3;

/** Which question is to be answered, given the turns before it. */
export function understand(question: string, history: readonly Turn[] = []): Asked {
  const asked = history
    .filter(({ role, text }) => role === 'user' && text.trim() !== '')
    .map(({ text }) => text);
  if (asked.length === 0) return { question, before: [] };
  if (INSISTS.test(unmask(question))) return understand(asked.at(-1)!, withoutLastUser(history));
  const plain = unmask(question);
  const few = analyse(question).length <= FEW_WORDS;
  const pronoun = /\b(?:ils?|elles?|celui-ci|celle-ci|la-bas|cela|ca|leurs?)\b/.test(plain);
  if (!(LEANS.test(plain) && few) && !(few && pronoun)) return { question, before: [] };
  const last = understand(asked.at(-1)!, withoutLastUser(history));
  return { question, before: [last.question, ...last.before].slice(0, 2) };
}

function withoutLastUser(history: readonly Turn[]): readonly Turn[] {
  return history.slice(
    0,
    history.findLastIndex(({ role, text }) => role === 'user' && text.trim() !== ''),
  );
}
