import { licenceNamed } from './aliases.ts';
import { coversAll, licenceRank } from './rank.ts';

/** Pages name the licences of Creative Commons by their address. */
const CREATIVE_COMMONS =
  /(?:https?:)?\/\/creativecommons\.org\/(?:licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)\S*/gi;

/**
 * The licence that a document goes by, from an SPDX expression or a name as Debian, npm or the hub write it: of
 * "A OR B" the freer one, for that is ours to choose; of "A AND B" the one that asks everything which both ask.
 * An exception ("WITH …") only adds freedom and is passed over.
 * @returns a key of `licences`; undefined where a part that binds is unknown, or where no one of them covers the others
 */
export function parseLicence(text: string): string | undefined {
  // "A, and B" and "A/B" are Debian's and npm's ways of writing AND and OR.
  const tokens = text
    .replace(
      CREATIVE_COMMONS,
      (_, kind: string, version: string) => `CC-${kind === 'zero' ? '' : `${kind}-`}${version}`,
    )
    .replace(/\s+or\s+(any\s+)?(later|newer)(\s+versions?)?/gi, '+')
    .replace(/,(?=\s*(and|or)\b)/gi, ' ')
    .replace(/,/g, ' AND ')
    .replace(/[()]/g, ' $& ')
    .replace(/\//g, ' OR ')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  let at = 0;
  const word = () => tokens[at]?.toUpperCase();

  const either = (): string | undefined => {
    const choices = [both()];
    while (word() === 'OR') {
      at++;
      choices.push(both());
    }
    return choices
      .filter((id) => id !== undefined)
      .reduce<string | undefined>(
        (best, id) => (best === undefined || licenceRank(id) < licenceRank(best) ? id : best),
        undefined,
      );
  };
  const both = (): string | undefined => {
    const parts = [one()];
    while (word() === 'AND') {
      at++;
      parts.push(one());
    }
    return parts.reduce((strict, id) => {
      if (strict === undefined || id === undefined) return undefined;
      if (coversAll(strict, id)) return strict;
      return coversAll(id, strict) ? id : undefined;
    });
  };
  const one = (): string | undefined => {
    if (word() === '(') {
      at++;
      const inside = either();
      if (word() !== ')') return undefined;
      at++;
      return inside;
    }
    const name: string[] = [];
    while (at < tokens.length && !['OR', 'AND', '(', ')', 'WITH'].includes(word()!)) name.push(tokens[at++]!);
    if (word() === 'WITH') {
      while (at < tokens.length && !['OR', 'AND', ')'].includes(word()!)) at++;
    }
    return licenceNamed(name.join(' '));
  };

  const id = either();
  return at === tokens.length ? id : undefined;
}
