import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, Random } from '@lucie/ledger';

/** Stretches of French and English with the marks, spaces and numbers that divide tokenizers. Written for this file. */
const fragments = `L'eau qu'il boit aujourd'hui vient d'une source
l’été dernier, j’ai vu l’océan pour la première fois
« Est-ce que tu viens ? » demanda-t-elle
Quelle drôle d'idée !
le 1er janvier 2024, à 8 h 30, il restait 1 250,50 € sur le compte
5 × (3 + 2) = 25 ; 12/4 = 3 et 7² = 49
les œufs de la vache n'existent pas, l'aïeul naïf le sait
ARTICLE L. 1234-5 DU CODE DU TRAVAIL
ÉCOLE PRIMAIRE DE L'ÎLE D'YEU
le salarié perçoit une indemnité compensatrice de congés payés
www.exemple.fr/page?id=42&lang=fr#haut
The people of the United States, in order to form a more perfect union
I'm sure they'd've come, don't you think? WE'LL SEE, IT'S FINE
def carre(x):
    return x ** 2  # commentaire
{"cle": [1, 22, 333, 4444], "vide": null}
| nom | âge |
|-----|----:|
… — – - ‑ · • → ≠ ½ ⅓ № 10⁻³ 37 °C
un mot    puis	une tabulation  
cœur à cœur, Noël, garçon, où, dès, même, ambiguë, Œdipe, Ÿ
Привет, мир! 你好，世界。こんにちは 안녕하세요 שלום مرحبا بالعالم नमस्ते
👩‍👩‍👧‍👦 👍🏽 🇫🇷 ❤️ 😀😀😀`.split('\n');

const words =
  `le la les un une des de du en et est dans pour que qui ce se il elle nous vous sont avec sur par plus
ne pas peut faire tout bien mais comme être avoir cette son ses leur entre après sans sous contrat travail employeur
salarié durée période demande droit loi article code enfant école maître élève ville pays France Paris capitale eau
vache œuf soleil nuit jour année mois semaine heure question réponse exemple nombre ligne point cercle angle the of and
to in that is was for it with as his they be at one have this from or had by word but not what all were`.split(
    /\s+/,
  );

/** Documents made of the words and stretches above, the same for the same seed. */
export function generatedDocuments(count: number, seed = 1): string[] {
  const random = new Random(seed, 'documents');
  const pick = (list: readonly string[]) => list[random.below(list.length)]!;
  const separators = [' ', ' ', ' ', ', ', '. ', ' ; ', '\n', '\n\n', '\r\n', '\u00a0: ', '\u202f! ', '  '];
  return Array.from({ length: count }, () => {
    let text = '';
    for (let n = 5 + random.below(60); n > 0; n--) {
      const choice = random.below(10);
      if (choice < 7) text += pick(words);
      else if (choice < 9) text += pick(fragments);
      else text += String(random.below(10 ** (1 + random.below(9))));
      text += pick(separators);
    }
    return random.below(4) === 0 ? text.normalize('NFD') : text;
  });
}

/** Texts of this repository: sources and documents, up to `count`, in order of path. */
export function repositoryFiles(count: number): string[] {
  const files = ['packages', 'docs', 'recipes', 'bench'].flatMap((top) =>
    readdirSync(join(projectRoot, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|md|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .slice(0, count)
    .map((path) => readFileSync(path, 'utf8').slice(0, 20_000));
}
