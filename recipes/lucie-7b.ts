import { mainTraining } from './lucie-7b/main-training.ts';
import { subCorpora } from './lucie-7b/sub-corpora.ts';
import type { SubCorpus } from './lucie-7b/sub-corpus.ts';
import { epochs } from './lucie-7b/weights.ts';
import type { Recipe } from './recipe.ts';

type Source = Recipe['corpus']['sources'][number];

/** Mail and IP addresses of the web alone: all that the original masked. Ours knows eight kinds. */
const mailAndIp = { iban: false, nir: false, siret: false, siren: false, card: false, phone: false };

/** All sub-corpora but one in one dataset of the hub, as its authors released them. */
const DATASET = 'OpenLLM-France/Lucie-Training-Dataset';

/**
 * A commit that the reference's own loader is seen to read (a comment in its code). The main training's text is the tag
 * `v1.1`, whose commit nobody here could look up; files are therefore asked for below `data/v1.1`, and where this
 * commit has none there, fetching says so.
 */
const REVISION = 'f3dff6f941eecc0c0a57dc0579610355a98d7c9c';

/**
 * Lucie-7B, the original, figure for figure: its sub-corpora with their weights and cleaning, its tokenizer's size, its
 * model, its main training. What is different, or not run here:
 * - Persée was withdrawn and has no files: 0.4 % of the tokens trained on.
 * - Sources are read by date of document (`order`, `shuffleWindow`); the original ordered its web data by year and
 *   nothing else. Epochs of one source follow each other; there they were one.
 * - Duplicates are looked for over all sources and languages, with the original's settings; there per snapshot of one
 *   language.
 * - One document in 10,000 is held out; the original held out none and could not measure its loss on unseen text.
 * - The tokenizer is trained by our stage on a sample of every source: as many entries, other entries.
 * - Batches do not grow (`main-training.ts`), numbers are of 32 bits, no parallelism over devices.
 * - Context extension and annealing, five billion tokens each, are not here; fine-tuning is ours, with what it has.
 */
export const lucie7b: Recipe = {
  name: 'lucie-7b',
  description: 'the original of January 2025: 6.7 billion parameters, 3.1 trillion tokens, 512 GPUs.',
  corpus: {
    sources: subCorpora.flatMap(sourceOf),
    heldOutFraction: 0.0001,
    minimumShare: { fr: 0.35 },
    duplicates: { shingle: 5, bands: 14, rows: 8 },
    // Repeated lines stayed, and no benchmark was looked for.
    boilerplate: { maximumDocuments: Number.MAX_SAFE_INTEGER },
    mix: { epochs, order: { by: 'date', window: 100_000 } },
  },
  tokenizer: { vocabularySize: 65_024 },
  tokens: {},
  base: {
    model: {
      hidden_size: 4096,
      intermediate_size: 12_288,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 128,
      max_position_embeddings: 4096,
      rms_norm_eps: 1e-5,
      rope_theta: 500_000,
      tie_word_embeddings: false,
      initializer_range: 0.009,
    },
    steps: Math.ceil(mainTraining.sequences / mainTraining.batch.last),
    batchSize: mainTraining.batch.last,
    sequenceLength: mainTraining.sequenceLength,
    shuffleWindow: 100_000,
    lr: 3e-4,
    minLrRatio: 0.1,
    warmupSteps: Math.round(mainTraining.warmupSequences / mainTraining.batch.last),
    betas: [0.9, 0.95],
    eps: 1e-5,
    weightDecay: 0.1,
    clip: 1,
    seed: 42,
    checkpointEvery: 5000,
  },
  instruct: {
    name: 'LUCIE 7B',
    epochs: { answers: 3, capitals: 1, facts: 1, identity: 8 },
    lr: 3e-5,
    maxTokens: 4096,
  },
  evaluation: { name: 'lucie-7b' },
  release: { name: 'lucie-7b', title: 'LUCIE 7B, rebuilt' },
};

function sourceOf(part: SubCorpus): Source[] {
  const { name, source, released, language, licence, category, rules, origin } = part;
  if (released === undefined) return [];
  return [
    {
      hub: DATASET,
      revision: REVISION,
      include: [`data/v1.1/${released}`],
      source,
      language,
      licence,
      category,
      rules,
      pii: name === 'RedPajama' ? mailAndIp : false,
      attribution: `${DATASET}, from ${origin.from}`,
    },
  ];
}
