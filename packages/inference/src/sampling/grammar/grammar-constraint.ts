import { isLucieError } from '@lucie/ledger';
import { unsupported } from '../../json-schema/json-schema.ts';
import { schemaToGbnf } from '../../json-schema/schema-to-gbnf.ts';
import type { SamplerVocabulary } from '../sampler.ts';
import type { Grammar } from '../sampling-options.ts';
import { Automaton, type State } from './automaton.ts';
import { parseGbnf } from './gbnf-parser.ts';
import type { Rules } from './rules.ts';
import { admittedTokens, type TokensByStart, tokensByStart } from './tokens-by-start.ts';

/** What requests share for one vocabulary: its texts, and the grammars used last. */
interface Shared {
  byStart: TokensByStart;
  automata: Map<string, Automaton>;
  /** What states admit, for those that many tokens fit. */
  admitted: WeakMap<State, Uint32Array>;
  remembered: number;
}

const shared = new WeakMap<SamplerVocabulary, Shared>();
/** A class uses one form of answer, a school a few. */
const GRAMMARS_KEPT = 16;
/** Ids of admitted tokens kept for later: 8 MB. */
const IDS_KEPT = 2 ** 21;

function sharedFor(vocabulary: SamplerVocabulary): Shared {
  let found = shared.get(vocabulary);
  if (!found) {
    const texts = Array.from({ length: vocabulary.size }, (_, id) =>
      vocabulary.stopIds.has(id) ? new Uint8Array() : vocabulary.bytes(id),
    );
    found = {
      byStart: tokensByStart(texts),
      automata: new Map(),
      admitted: new WeakMap(),
      remembered: 0,
    };
    shared.set(vocabulary, found);
  }
  return found;
}

function automatonFor({ automata }: Shared, grammar: Grammar): Automaton {
  const key = keyOf(grammar);
  const automaton = automata.get(key) ?? new Automaton(rulesOf(grammar));
  // The one used last stands last.
  automata.delete(key);
  automata.set(key, automaton);
  if (automata.size > GRAMMARS_KEPT) automata.delete(automata.keys().next().value!);
  return automaton;
}

function keyOf(grammar: Grammar): string {
  if ('gbnf' in grammar) return JSON.stringify([grammar.gbnf, grammar.root]);
  try {
    return `schema ${JSON.stringify(grammar.schema)}`;
  } catch (error) {
    // Nested beyond the stack, or not JSON at all.
    throw unsupported('', `a schema that cannot be written (${error})`, 'JSON of sensible depth');
  }
}

function rulesOf(grammar: Grammar): Rules {
  if ('gbnf' in grammar) return parseGbnf(grammar.gbnf, grammar.root);
  const gbnf = schemaToGbnf(grammar.schema);
  try {
    return parseGbnf(gbnf);
  } catch (error) {
    // What the writer writes is GBNF; what is left are its limits, and schemas that mean themselves.
    if (isLucieError(error))
      throw unsupported('', `a schema whose grammar has ${error.message}`, 'another one');
    throw error;
  }
}

/** Where one answer stands in its grammar. Control tokens without text are never admitted, stop tokens at an end. */
export class GrammarConstraint {
  #shared: Shared;
  #automaton: Automaton;
  #stopIds: ReadonlySet<number>;
  #state: State;

  /** @throws LucieError `GRAMMAR_INVALID`, `GRAMMAR_TOO_COSTLY`, `SCHEMA_UNSUPPORTED` */
  constructor(grammar: Grammar, vocabulary: SamplerVocabulary) {
    this.#shared = sharedFor(vocabulary);
    this.#automaton = automatonFor(this.#shared, grammar);
    this.#stopIds = vocabulary.stopIds;
    this.#state = this.#automaton.start;
  }

  /** True once nothing can follow but the end. */
  get complete(): boolean {
    return this.#state.accepting && this.#state.heads.length === 0;
  }

  /** Takes the token if the grammar admits it here; else false, and nothing changes. */
  accept(token: number): boolean {
    this.#automaton.renew();
    if (this.#stopIds.has(token)) return this.#state.accepting;
    const { texts, starts } = this.#shared.byStart;
    const end = starts[token + 1]!;
    if (starts[token] === end) return false;
    let state: State | null = this.#state;
    for (let i = starts[token]!; i < end && state; i++) state = this.#automaton.step(state, texts[i]!);
    if (!state) return false;
    this.#state = state;
    return true;
  }

  /** Every token that the grammar admits here, in the order of ids. */
  admitted(): Uint32Array {
    const shared = this.#shared;
    const known = shared.admitted.get(this.#state);
    if (known) return known;
    const found = this.#findAdmitted();
    shared.remembered += found.length;
    if (shared.remembered > IDS_KEPT) {
      shared.admitted = new WeakMap();
      shared.remembered = found.length;
    }
    shared.admitted.set(this.#state, found);
    return found;
  }

  #findAdmitted(): Uint32Array {
    this.#automaton.renew();
    const step = (state: State, byte: number) => this.#automaton.step(state, byte);
    const found = admittedTokens(this.#shared.byStart, this.#state, step);
    if (this.#state.accepting) found.push(...this.#stopIds);
    return Uint32Array.from(found).sort();
  }
}
