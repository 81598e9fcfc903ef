import type { RunFacts } from './run-facts.ts';
import { amount, type Language } from './text.ts';

/** What not to expect of the model; what was measured is told with its figure, the rest as not measured. */
export function limits(facts: RunFacts, language: Language): string {
  const n = (value: number) => amount(value, language);
  const parameters = n(facts.base.parameters);
  const context = n(facts.config.max_position_embeddings);
  const count = (name: string, say: (right: string, all: string) => string) => {
    const task = facts.scores.tasks.find((one) => one.name === name);
    return task ? say(n(Math.round(task.value * task.n)), n(task.n)) : '';
  };
  const sentences =
    language === 'fr'
      ? [
          `Le modèle a ${parameters} paramètres, et rien de ce qu'il affirme n'est fiable : faits, nombres et références juridiques peuvent être inventés ; le calcul n'a pas été mesuré.`,
          count(
            'samples-in-french',
            (right, all) =>
              `Textes libres du modèle de base reconnus comme du français : ${right} sur ${all} ; reconnaître la langue ne dit rien du sens.`,
          ),
          count(
            'capitals-held-out-correct',
            (right, all) => `Capitales justes quand la question n'a pas été apprise : ${right} sur ${all}.`,
          ),
          `Son contexte est de ${context} tokens. Il a le ton, les sujets et les angles morts des sources ci-dessous. Il n'a reçu aucun alignement de sécurité.`,
        ]
      : [
          `The model has ${parameters} parameters, and nothing it states is reliable: facts, numbers and legal references may be invented; arithmetic was not measured.`,
          count(
            'samples-in-french',
            (right, all) =>
              `Free samples of the base model recognised as French: ${right} of ${all}; recognising the language says nothing of the sense.`,
          ),
          count(
            'capitals-held-out-correct',
            (right, all) => `Capitals right where the question was not taught: ${right} of ${all}.`,
          ),
          `Its context is ${context} tokens. It has the tone, subjects and blind spots of the sources below, and has had no safety alignment.`,
        ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
