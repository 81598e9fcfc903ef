import { libllama, type Pointer } from '../../../inference/src/native/libllama.ts';

/** The vocabulary of a GGUF file in libllama. */
export class LlamaVocabulary {
  #llama = libllama();
  #model: Pointer;
  #vocabulary: Pointer;

  constructor(path: string) {
    this.#model = this.#llama.model_load_from_file(path, {
      ...this.#llama.model_default_params(),
      vocab_only: true,
    });
    if (!this.#model) throw new Error(`libllama does not load ${path}`);
    this.#vocabulary = this.#llama.model_get_vocab(this.#model);
  }

  encode(text: string, special = false): number[] {
    const bytes = Buffer.from(text);
    const out = new Int32Array(bytes.length + 8);
    const count = this.#llama.tokenize(this.#vocabulary, bytes, bytes.length, out, out.length, true, special);
    if (count < 0) throw new Error(`llama_tokenize: ${count}`);
    return Array.from(out.subarray(0, count));
  }

  get facts() {
    const at = this.#vocabulary;
    const llama = this.#llama;
    return {
      size: llama.vocab_n_tokens(at),
      bos: llama.vocab_bos(at),
      eos: llama.vocab_eos(at),
      eot: llama.vocab_eot(at),
      addsBos: llama.vocab_get_add_bos(at),
      ends: Array.from({ length: llama.vocab_n_tokens(at) }, (_, id) => id).filter((id) =>
        llama.vocab_is_eog(at, id),
      ),
      control: Array.from({ length: llama.vocab_n_tokens(at) }, (_, id) => id).filter((id) =>
        llama.vocab_is_control(at, id),
      ),
    };
  }

  [Symbol.dispose](): void {
    this.#llama.model_free(this.#model);
  }
}
