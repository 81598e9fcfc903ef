import { Refusal, type Rule } from '../src/clean/rule.ts';
import { createRules } from '../src/clean/rules/create-rules.ts';
import { type RulesInput, rulesShape } from '../src/clean/rules/rules-shape.ts';
import type { Document } from '../src/document.ts';

export function documentOf(text: string, more: Partial<Document> = {}): Document {
  return {
    id: 'made/1',
    text,
    source: 'made',
    licence: 'CC0-1.0',
    language: 'fr',
    date: '2020',
    url: '',
    title: '',
    extra: '{}',
    ...more,
  };
}

/** The rules that are on with nothing but these options. */
export function rulesOf(options: RulesInput): Rule[] {
  return createRules(rulesShape.parse({ language: false, minimumCharacters: false, ...options }));
}

/** What becomes of a document: its text, or `reason: value` of the first rule that refuses it. */
export function outcome(options: RulesInput, document: Document): string {
  let current = document;
  for (const rule of rulesOf(options)) {
    const next = rule.apply(current);
    if (next instanceof Refusal) return `${rule.name}: ${next.value}`;
    current = next;
  }
  return current.text;
}

/** `kept` where a text passes as it is. */
export function verdict(options: RulesInput, text: string, more: Partial<Document> = {}): string {
  const result = outcome(options, documentOf(text, more));
  return result === text ? 'kept' : result;
}
