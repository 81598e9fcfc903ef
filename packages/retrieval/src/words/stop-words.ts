/** Words without a matter of their own: articles, pronouns, prepositions, auxiliaries, question words. Folded. */
const WORDS = `
a ai aie aient aies ait alors apres as au aucun aucune aucuns aupres auquel auquelle aura aurai auraient aurais aurait
auras aurez auriez aurions aurons auront aussi autre autres aux auxquelles auxquels avaient avais avait avant avec avez
aviez avions avoir avons ayant aujourd hui c ca car ce ceci cela celle celles celui cependant certain certaine certaines
certains ces cet cette ceux chaque chez ci comme comment combien d dans de deja dela depuis des desquelles desquels
dessous dessus devoir devait devra doit doivent dois donc dont du duquel durant elle elles en encore enfin ensuite
entre es est et etaient etais etait etant ete etes etre eu eue eues eurent eus eut eux faire fait faisait faut fallait
finalement font furent fut ici il ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs
lorsqu lorsque lui m ma mais malgre me meme memes mes mien mienne moi moins mon n ne ni non nos notre nous on ont or
ou oui par parce parmi pas pendant peu peut peuvent peux plus plusieurs plutot pour pourquoi pourrait pouvait pouvoir
presqu presque pres puis puisqu puisque qu quand quant que quel quelle quelles quelqu quelque quelques quels qui quoi
quoiqu quoique s sa sans sauf se selon sera serai seraient serais serait seras serez seriez serions serons seront ses
seulement si sien sienne sinon soi soient sois soit sommes son sont sous souvent soyez suis sur surtout t ta tandis
tant te tel telle telles tels tes toi ton toujours tous tout toute toutes toutefois tres trop tu un une unes uns va
vais vas vers voici voila vont vos votre vous y
ainsi afin bcp beaucoup chacun chacune devaient devions fais faisaient faites faits jamais lors mieux parfois pa peur
pu puisse sait sera serait soit surtout tellement veulent veut veux voulait voulu vraiment
`;
const STOP = new Set(WORDS.trim().split(/\s+/));

/** Stop words that are nouns, too: behind one of these they have a matter (`le son`, `en été`, `à l'est`, `un car`). */
const ARTICLES = 'le un ce du au les des ces aux mon ton notre votre leur nos vos chaque deux';
const NOUN_BEHIND = new Map<string, ReadonlySet<string>>(
  Object.entries({
    son: ARTICLES,
    sons: ARTICLES,
    car: ARTICLES,
    pouvoir: ARTICLES,
    devoir: ARTICLES,
    ete: `${ARTICLES} l d en cet`,
    est: 'l',
    or: 'l d',
  }).map(([word, before]) => [word, new Set(before.split(' '))]),
);

/**
 * Whether a folded word has no matter of its own.
 * @param before - the folded word before it: a noun that looks like a stop word stands behind an article
 */
export function isStopWord(word: string, before = ''): boolean {
  if (!STOP.has(word)) return word.length === 1 && !/\d/.test(word);
  return !NOUN_BEHIND.get(word)?.has(before);
}
