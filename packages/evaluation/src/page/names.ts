import type { Task } from '../scores.ts';
import { type Html, label } from './html.ts';

const languages: Record<string, [string, string]> = {
  fr: ['français', 'French'],
  en: ['anglais', 'English'],
};

/** A task's name for people; a task that is not known here keeps its own. */
export function taskName({ name }: Pick<Task, 'name'>): Html {
  const known = taskNames[name];
  if (known) return label(...known);
  const bits = /^bits-per-byte-([a-z]{2})(-over-xz)?$/.exec(name);
  if (!bits) return label(name, '');
  const [fr, en] = languages[bits[1]!] ?? [bits[1]!, bits[1]!];
  return bits[2]
    ? label(`Bits par octet ÷ xz, ${fr}`, `bits per byte ÷ xz, ${en}`)
    : label(`Bits par octet, ${fr}`, `bits per byte, ${en}`);
}

const taskNames: Record<string, [string, string]> = {
  'grammaire-fr': ['Grammaire française', 'French grammar'],
  'samples-in-french': ['Textes libres en français', 'free samples in French'],
  'capitals-stopped': ['Réponses qui s’arrêtent seules', 'answers that stop by themselves'],
  'capitals-correct': ['Capitales justes, pays vus', 'capitals right, countries seen'],
  'capitals-held-out-stopped': ['Arrêt seul, pays non vus', 'stops by itself, countries not seen'],
  'capitals-held-out-correct': ['Capitales justes, pays non vus', 'capitals right, countries not seen'],
};

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

export function categoryName(category: string): string {
  return categories[category] ?? category;
}
