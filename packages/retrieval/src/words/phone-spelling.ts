import { splitWords } from './split-words.ts';

/** What pupils type on a phone, and what they mean; one line a meaning, the meaning last. */
const SPELLINGS = new Map<string, string>(
  `ac avc : avec
apré aprè : après
avt : avant
bcp bocou bocoup : beaucoup
c cé cest ces't : c'est
cad : c'est-à-dire
cb combi1 conb1 conbien combient kombien : combien
chak : chaque
ché : chez
cmt coman comen komen koman komment : comment
ct cété cetait : c'était
dabor dabord : d'abord
dapres daprès daprè : d'après
dc : donc
davoir : d'avoir
detre : d'être
dun : d'un
ds : dans
el : elle
els : elles
avan : avant
gran : grand
lautre : l'autre
lon : l'on
nest : n'est
pa : pas
quil : qu'il
quils : qu'ils
quon : qu'on
sest : s'est
fo : faut
fodra : faudra
fodrait : faudrait
fé fè : fait
fér : faire
g jai : j'ai
gt jété : j'étais
ilya iya ya : il y a
ilyavait yavait : il y avait
jdoi jdois : je dois
jpeu jpeux : je peux
jsp : je ne sais pas
jsuis chui : je suis
jveu jveux : je veux
k ke : que
kan kand kant qd : quand
kel qel ql : quel
kelle qelle : quelle
kels : quels
keske kesk ksk : qu'est-ce que
keski : qu'est-ce qui
ki : qui
kil : qu'il
koi kwa coi : quoi
kom : comme
kon : qu'on
lekel : lequel
lakel : laquelle
lé : les
lgtps lgtmps lontemps lontan : longtemps
mé : mes
nb nbr : nombre
ns : nous
nvo nouvo : nouveau
o : au
oci ossi : aussi
ojd ojourdui aujourdhui : aujourd'hui
parske pask paske pck pcq pcke parceke : parce que
pdt : pendant
pk pkoi pq pourkoi pourcoi prk prkoi prquoi : pourquoi
pr : pour
pti ptit : petit
ptite : petite
ptits : petits
ptites : petites
qq : quelques
qqch : quelque chose
qqn : quelqu'un
ske : ce que
slt bjr : bonjour
st : saint
ste : sainte
stp : s'il te plaît
svp : s'il vous plaît
tj tjr tjrs tjs : toujours
tlm : tout le monde
tmps tps : temps
ts : tous
tt : tout
tte : toute
ttes : toutes
vs : vous
wkd weekend wk : week-end
é : et`
    .split('\n')
    .flatMap((line) => {
      const [written, meant] = line.split(' : ') as [string, string];
      return written.split(' ').map((word): [string, string] => [word, meant]);
    }),
);

const NUMBER = /^\d/;
const SHOUTED = /^\p{Lu}{2,}$/u;

/**
 * A question with the spellings of phones written out: `c koi` becomes `c'est quoi`. Capitals among small letters stay
 * (`DS`, `ST`), and so do measures behind a number (`5 g`).
 */
export function writeOutPhone(text: string): string {
  let out = '';
  let from = 0;
  const shouting = text === text.toUpperCase();
  let before = '';
  for (const { text: word, start, end } of splitWords(text)) {
    const meant = SPELLINGS.get(word.toLowerCase());
    const elided = /['’]/.test(text[end] ?? '') || /['’-]/.test(text[start - 1] ?? '');
    // `k'odile` is `qu'odile`; `c'est` and `aujourd'hui` are right as they are.
    if (elided && word.toLowerCase() === 'k') {
      out += `${text.slice(from, start)}qu`;
      from = end;
    } else if (meant && !elided && !NUMBER.test(before) && (shouting || !SHOUTED.test(word))) {
      out += text.slice(from, start) + meant;
      from = end;
    }
    before = word;
  }
  return out + text.slice(from);
}
