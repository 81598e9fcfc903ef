const categories: Record<string, string> = {
  'sujet-verbe': 'accord sujet-verbe',
  'sujet-verbe-distance': 'sujet-verbe à distance',
  'adjectif-genre': 'genre de l’adjectif',
  'adjectif-nombre': 'nombre de l’adjectif',
  'determinant-genre': 'genre du déterminant',
  'participe-etre': 'participe avec être',
  'participe-avoir': 'participe avec avoir',
  subjonctif: 'subjonctif',
  negation: 'négation',
  'elision-contraction': 'élision, contraction',
  'pronom-complement': 'pronom complément',
  'pronom-relatif': 'pronom relatif',
  preposition: 'préposition',
  homophones: 'homophones',
  'ordre-pronoms': 'ordre des pronoms',
  'si-concordance': 'temps avec si',
};

/** A category's name for people; one that is not known here keeps its own. */
export function categoryName(category: string): string {
  return categories[category] ?? category;
}
