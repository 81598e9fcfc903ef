/** What a model was trained to find in front of a text, so that it knows what the text is. */
export interface Prefixes {
  question: string;
  passage: string;
}

export const withoutPrefixes: Prefixes = { question: '', passage: '' };

/** Of the E5 family (Wang et al., "Multilingual E5 Text Embeddings", 2024, and the models' cards). */
export const e5Prefixes: Prefixes = { question: 'query: ', passage: 'passage: ' };
