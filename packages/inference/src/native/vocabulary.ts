import { LucieError } from '@lucie/ledger';
import { checkTokens } from '../check-tokens.ts';
import type { Libllama, Pointer } from './libllama.ts';

/** `LLAMA_TOKEN_ATTR_USER_DEFINED`. */
const USER_DEFINED = 1 << 4;

/** Text to tokens and back, by libllama's own tokenizer. */
export class Vocabulary {
  readonly size: number;
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  readonly eot: number | undefined;
  /** Tokens after which a generation ends. */
  readonly stopIds: ReadonlySet<number>;
  /** Texts of the control tokens (`<s>`, `<|eot_id|>`, …). */
  readonly controls: ReadonlyMap<number, string>;
  /** Texts of the tokens that were added to the vocabulary and are found in any text, asked for or not. */
  readonly added: ReadonlyMap<number, string>;
  /** Bytes of the longest token. */
  readonly longest: number;
  /** Whether a text begins with `bos`. */
  readonly addsBos: boolean;
  #lib: Libllama;
  #vocab: Pointer;
  /** One after the other: objects for each token would take twenty times the room. */
  #texts: Uint8Array;
  /** [size + 1] where a token's text begins */
  #starts: Uint32Array;

  constructor(lib: Libllama, vocab: Pointer) {
    this.#lib = lib;
    this.#vocab = vocab;
    this.size = lib.vocab_n_tokens(vocab);
    const known = (id: number) => (id >= 0 && id < this.size ? id : undefined);
    this.bos = known(lib.vocab_bos(vocab));
    this.eos = known(lib.vocab_eos(vocab));
    this.eot = known(lib.vocab_eot(vocab));
    const stopIds = new Set<number>();
    const controls = new Map<number, string>();
    const added = new Map<number, string>();
    // Read here, while the model loads: each costs a native call, and a grammar needs all of them at once.
    const texts: Uint8Array[] = [];
    this.#starts = new Uint32Array(this.size + 1);
    for (let id = 0; id < this.size; id++) {
      const text = this.#read(id, false);
      texts.push(text);
      this.#starts[id + 1] = this.#starts[id]! + text.length;
      if (lib.vocab_is_eog(vocab, id)) stopIds.add(id);
      if (lib.vocab_get_attr(vocab, id) & USER_DEFINED)
        added.set(id, Buffer.from(this.#read(id, true)).toString());
      if (lib.vocab_is_control(vocab, id)) controls.set(id, Buffer.from(this.#read(id, true)).toString());
    }
    this.longest = texts.reduce((longest, { length }) => Math.max(longest, length), 0);
    this.#texts = new Uint8Array(Buffer.concat(texts));
    this.stopIds = stopIds;
    this.controls = controls;
    this.added = added;
    this.addsBos = lib.vocab_get_add_bos(vocab);
  }

  /**
   * @param opts.special - read the texts of control tokens as those tokens; never for text from outside. Default false
   * @param opts.addSpecial - add bos and the like where the file says so. Default false
   */
  tokenize(text: string, opts: { special?: boolean; addSpecial?: boolean } = {}): Uint32Array {
    const bytes = Buffer.from(text);
    // One token per byte at most, and room for bos and eos.
    const out = new Int32Array(bytes.length + 8);
    const count = this.#lib.tokenize(
      this.#vocab,
      bytes,
      bytes.length,
      out,
      out.length,
      opts.addSpecial ?? false,
      opts.special ?? false,
    );
    if (count < 0) {
      throw new LucieError({
        code: 'TEXT_NOT_TOKENIZED',
        found: `a text of ${bytes.length} bytes that becomes ${-count} tokens`,
        expected: `at most ${out.length}`,
        todo: 'shorten the text',
      });
    }
    return Uint32Array.from(out.subarray(0, count));
  }

  /** Bytes of one token; a byte-level token may be part of a character. Control tokens are empty unless `special`. */
  bytes(token: number, special = false): Uint8Array {
    if (special) return this.#read(token, true);
    return this.#texts.slice(this.#starts[token], this.#starts[token + 1]);
  }

  #read(token: number, special: boolean): Uint8Array {
    const out = new Uint8Array(64);
    const length = this.#lib.token_to_piece(this.#vocab, token, out, out.length, 0, special);
    if (length >= 0) return out.subarray(0, length);
    const longer = new Uint8Array(-length);
    this.#lib.token_to_piece(this.#vocab, token, longer, longer.length, 0, special);
    return longer;
  }

  /** Text of tokens; bytes that are no UTF-8 become U+FFFD. */
  detokenize(tokens: ArrayLike<number>, opts: { special?: boolean } = {}): string {
    this.check(tokens);
    return Buffer.concat(Array.from(tokens, (token) => this.bytes(token, opts.special))).toString('utf8');
  }

  /** @throws LucieError `TOKEN_UNKNOWN` for an id that this vocabulary does not have */
  check(tokens: ArrayLike<number>): void {
    checkTokens(tokens, this.size);
  }
}
