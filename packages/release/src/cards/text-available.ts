import type { RunFacts } from './run-facts.ts';
import { amount, bytesText, type Language, percent } from './text.ts';

/** How much text there was, how much of it was held out, and how much of the rest the base model read. */
export function textAvailable(facts: RunFacts, language: Language): string {
  const { documents, heldOut } = facts.corpus;
  const n = (value: number) => amount(value, language);
  const tokens = Object.values(facts.tokens.train).reduce((sum, source) => sum + source.tokens, 0);
  const read = percent(facts.base.tokens_seen / tokens, language);
  const all = documents.documents + heldOut.documents;
  const every = n(heldOut.documents === 0 ? 0 : all / heldOut.documents);
  const bytes = bytesText(documents.bytes, language);
  return language === 'fr'
    ? [
        `${n(documents.documents)} documents (${bytes}) étaient disponibles pour l'entraînement, soit ${n(tokens)} tokens.`,
        `Le pré-entraînement en a vu ${n(facts.base.tokens_seen)}, l'équivalent de ${read} du texte disponible.`,
        heldOut.documents === 0
          ? `Aucun document n'a été mis de côté.`
          : `${n(heldOut.documents)} documents (${bytesText(heldOut.bytes, 'fr')}), 1 sur ${every} environ, ont été mis de côté par le hachage de leur identifiant et n'ont servi qu'à mesurer.`,
      ].join(' ')
    : [
        `${n(documents.documents)} documents (${bytes}) were available for training: ${n(tokens)} tokens.`,
        `Pretraining saw ${n(facts.base.tokens_seen)}, as much as ${read} of the text available.`,
        heldOut.documents === 0
          ? 'No document was held out.'
          : `${n(heldOut.documents)} documents (${bytesText(heldOut.bytes, 'en')}), about 1 in ${every}, were held out by a hash of their ids and only measured on.`,
      ].join(' ');
}
