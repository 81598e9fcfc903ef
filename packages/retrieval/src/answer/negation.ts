import { unmask } from './unmask.ts';

/**
 * How often a French text denies something: `ne … pas`, `aucun`, `sans`, `jamais`, and verbs that deny (`refuser`,
 * `interdire`). `ne … que` restricts and denies nothing; a `ne` with its second half counts once.
 */
export function denials(text: string): number {
  const plain = unmask(text).replace(
    /\b(?:ne |n')(?:(?!\b(?:pas|plus|jamais|rien|aucune?|personne|guere|ni|point)\b)[^.;:,!?])*?\b(?:que |qu')/g,
    ' ',
  );
  const full =
    plain.match(
      /\b(?:ne |n')[^.;:!?]{0,60}?\b(?:pas|plus|jamais|rien|aucune?|personne|guere|ni|point|nul(?:le)?)\b/g,
    )?.length ?? 0;
  const rest = plain.replace(
    /\b(?:ne |n')[^.;:!?]{0,60}?\b(?:pas|plus|jamais|rien|aucune?|personne|guere|ni|point|nul(?:le)?)\b/g,
    ' ',
  );
  const other =
    rest.match(
      /\b(?:aucune?|jamais|non|sans|nulle part|refus\w+|interdi\w+|faux|fausse|impossible|ni|(?:personne|rien) (?:ne |n')|pas)\b/g,
    )?.length ?? 0;
  return full + other;
}
