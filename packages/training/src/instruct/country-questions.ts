import type { Country } from './country.ts';
import type { Kind } from './example.ts';

/** Something to know about a country: ways to ask for it, the answer, and the words that a right answer holds. */
export interface Fact {
  kind: Kind;
  subject: 'capital' | 'country' | 'continent' | 'languages' | 'currency' | 'neighbours';
  /** The first one is the plain one, used to examine the model. */
  questions: string[];
  answer: string;
  expected: string;
}

/** What is asked about a country. What its sheet leaves empty is not asked. */
export function factsOf(country: Country): Fact[] {
  const { the, of, capitals, continent, currencies, languages, neighbours } = country;
  const plural = the.startsWith('les ');
  const facts: Fact[] = [];
  const [capital] = capitals;
  if (capital && capitals.length === 1) {
    facts.push({
      kind: 'capitals',
      subject: 'capital',
      questions: [
        `Quelle est la capitale ${of} ?`,
        `Quelle ville est la capitale ${of} ?`,
        `Comment s'appelle la capitale ${of} ?`,
        `Donne-moi la capitale ${of}.`,
        `Capitale ${of} ?`,
        `Quel est le nom de la capitale ${of} ?`,
        `Peux-tu me dire quelle est la capitale ${of} ?`,
        `quelle est la capitale ${of}`,
      ],
      answer: `La capitale ${of} est ${capital}.`,
      expected: capital,
    });
    facts.push({
      kind: 'facts',
      subject: 'country',
      questions: [
        `De quel pays ${capital} est-elle la capitale ?`,
        `${capital} est la capitale de quel pays ?`,
        `Où se trouve ${capital} ?`,
      ],
      answer: `${capital} est la capitale ${of}.`,
      expected: country.name,
    });
  }
  if (continent) {
    facts.push({
      kind: 'facts',
      subject: 'continent',
      questions: [
        `Sur quel continent ${plural ? 'se trouvent' : 'se trouve'} ${the} ?`,
        `Dans quelle partie du monde ${plural ? 'sont' : 'est'} ${the} ?`,
        `Où ${plural ? 'se trouvent' : 'se trouve'} ${the} ?`,
      ],
      answer: `${capitalised(the)} ${plural ? 'se trouvent' : 'se trouve'} en ${continent}.`,
      expected: continent,
    });
  }
  const [currency] = currencies;
  if (currency && currencies.length === 1) {
    facts.push({
      kind: 'facts',
      subject: 'currency',
      questions: [
        `Quelle est la monnaie ${of} ?`,
        `Avec quelle monnaie paie-t-on ${country.in} ?`,
        `Comment s'appelle la monnaie ${of} ?`,
      ],
      answer: `La monnaie ${of} s'appelle «\u00a0${currency}\u00a0».`,
      expected: currency,
    });
  }
  if (languages.length > 0 && languages.length <= 3) {
    facts.push({
      kind: 'facts',
      subject: 'languages',
      questions: [
        `Quelle langue parle-t-on ${country.in} ?`,
        `Que parle-t-on ${country.in} ?`,
        `Quelle est la langue officielle ${of} ?`,
      ],
      answer: `${capitalised(country.in)}, on parle ${listed(languages)}.`,
      expected: languages[0]!,
    });
  }
  if (neighbours.length > 0 && neighbours.length <= 3) {
    facts.push({
      kind: 'facts',
      subject: 'neighbours',
      questions: [`Quels sont les pays voisins ${of} ?`, `Quels pays sont voisins ${of} ?`],
      answer: `Voisins ${of} : ${listed(neighbours)}.`,
      expected: neighbours[0]!,
    });
  }
  return facts;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a, b et c` */
function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} et ${items.at(-1)}`;
}
