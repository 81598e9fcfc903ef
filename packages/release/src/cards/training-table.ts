import { formatDuration, totalEnergy, WATTS_PER_BUSY_CORE } from '@lucie/ledger';
import type { RunFacts } from './run-facts.ts';
import { amount, energyText, type Language, table } from './text.ts';

/** What was trained, how, on what, and what it took: enough to train it again and to compare. */
export function trainingTable(name: string, facts: RunFacts, language: Language): string {
  const { config, base, instruct } = facts;
  const n = (value: number, digits = 0) => amount(value, language, digits);
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  const steps = say('pas', 'steps');
  const examples = Object.values(instruct.examples).reduce((a, b) => a + b, 0);
  const energy = totalEnergy(facts.stages);
  return table(
    ['', ''],
    [
      [say('Paramètres', 'Parameters'), n(base.parameters)],
      [
        'Architecture',
        `Llama 3.1, ${config.num_hidden_layers} × ${config.hidden_size}, FFN ${config.intermediate_size}, ${config.num_attention_heads}/${config.num_key_value_heads} ${say('têtes', 'heads')}`,
      ],
      [
        say('Vocabulaire', 'Vocabulary'),
        `${n(config.vocab_size)} (BPE, ${say('prédécoupage', 'pre-tokenizer')} ${facts.tokenizer.pre_tokenizer})`,
      ],
      [say('Contexte', 'Context'), `${n(config.max_position_embeddings)} tokens`],
      [
        say('Tokens vus en pré-entraînement', 'Tokens seen in pretraining'),
        `${n(base.tokens_seen)} (${n(base.steps)} ${steps})`,
      ],
      [
        say('Perte finale du pré-entraînement', 'Final loss of pretraining'),
        `${n(base.final_loss, 3)} nats/token`,
      ],
      [
        say("Exemples d'instruction", 'Instruction examples'),
        `${n(examples)} (${n(instruct.steps)} ${steps})`,
      ],
      [say('Commande', 'Command'), `\`./lucie make ${name}\``],
      [say('Graine', 'Seed'), `${facts.seeds.base} (base), ${facts.seeds.instruct} (instructions)`],
      [say('Machine', 'Machine'), machine(facts, language)],
      [
        say('Débit', 'Throughput'),
        `${n(base.tokens_per_second)} tokens/s (base), ${n(instruct.tokens_per_second)} tokens/s (instructions)`,
      ],
      [say('Entraînement fini le', 'Training finished on'), finished(facts)],
      [
        say("Durée, du corpus à l'évaluation", 'Time, from corpus to evaluation'),
        formatDuration(facts.stages.reduce((sum, { seconds }) => sum + seconds, 0)),
      ],
      energy.method === 'rapl'
        ? [
            say('Énergie mesurée', 'Energy, measured'),
            `${energyText(energy.joules, language)} (${say('compteurs RAPL du processeur', "the processor's RAPL counters")})`,
          ]
        : [
            say('Énergie estimée', 'Energy, estimated'),
            `${energyText(energy.joules, language)} (${say(`estimation : ${WATTS_PER_BUSY_CORE} W par cœur occupé`, `estimate: ${WATTS_PER_BUSY_CORE} W per busy core`)})`,
          ],
    ],
  );
}

/** Under what base and instruct model were trained; a resumed training may have seen several. */
function machine(facts: RunFacts, language: Language): string {
  const texts = facts.stages
    .filter(({ stage }) => stage === 'base' || stage === 'instruct')
    .flatMap(({ identities }) => identities)
    .map((identity) => {
      const one = identity.threads === 1;
      const threads = `${identity.threads} ${language === 'fr' ? (one ? 'fil' : 'fils') : one ? 'thread' : 'threads'}`;
      return `${identity.cpu} (${identity.capability}), ${threads}, libtorch ${identity.torch}`;
    });
  return [...new Set(texts)].join(language === 'fr' ? ' ; puis ' : '; then ');
}

/** The day, in UTC, as ISO 8601. */
function finished(facts: RunFacts): string {
  return facts.stages.find(({ stage }) => stage === 'instruct')?.finished.slice(0, 10) ?? '';
}
