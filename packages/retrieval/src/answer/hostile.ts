import { sentences } from '../words/sentences.ts';
import { unmask } from './unmask.ts';

/** What a sentence tries: undo the rules, speak in another's name, order an answer, carry data out, hide an order, discredit other sources. */
export type HostileKind = 'override' | 'role' | 'order' | 'exfiltration' | 'encoded' | 'authority';

/** A sentence of a passage that speaks to the assistant instead of the reader. */
export interface HostileSpan {
  start: number;
  end: number;
  kind: HostileKind;
}

const MACHINE =
  "(?:assistante?|i\\.?a\\.?|intelligence artificielle|modeles? de lang(?:ue|age)|grand modele|chat ?bot|chatgpt|gpt(?:-?\\d)?|llm|agent conversationnel|robot|moteur (?:de reponses?|de recherche|d'ia)|systeme (?:de reponse|automatique|qui (?:lit|repond|resume))|(?:toi|vous|celui|celle) qui (?:lis|lisez|lit|reponds?|repondez|resumes?|resumez|traites?|traitez)(?: ce| cette| ces| le| aux?)?|outil d'ia|logiciel qui (?:lit|repond|resume))";
const IMPERATIVE =
  '(?:reponds|repondez|dis|dites|ecris|ecrivez|affiche|affichez|ajoute|ajoutez|recommande|recommandez|conclus|concluez|traduis|traduisez|commence|commencez|termine|terminez|cite|citez|envoie|envoyez|insere|inserez|repete|repetez|declare|declarez|affirme|affirmez|precise|precisez|indique|indiquez|donne|donnez|inclus|incluez|mentionne|mentionnez|refuse|refusez|remplace|remplacez|execute|executez|obeis|obeissez|produis|produisez|genere|generez|imprime|imprimez|revele|revelez|considere|considerez|prends|prenez|presente|presentez|signale|signalez|transmets|transmettez|place|placez|glisse|glissez|invite|invitez|conseille|conseillez|suis|suivez|applique|appliquez|utilise|utilisez|fais|faites|copie|copiez|recopie|recopiez|oublie|oubliez|ignore|ignorez|adopte|adoptez|parle|parlez|annonce|annoncez|soutiens|soutenez|pretends|pretendez|remercie|remerciez|demande|demandez|tais-toi|taisez-vous|lis|lisez)';
const DUTY =
  "(?:(?:tu|vous|il|elle|l'assistant|l'ia) (?:dois|devez|doit|devra|devras|devrez|as ordre|est tenu|est priee?|repondra|repondras|repondrez|dira|diras|direz|ecrira|ajoutera|affichera|citera|conseillera|recommandera)|(?:doit|doivent|devra|devront|est priee?|sont pries|est tenue?|est oblige) (?:de |d')?\\w+(?:er|ir|re)\\b|il faut que tu|je (?:te |t'|vous )(?:ordonne|commande|somme))";
const RULES =
  '(?:consignes?|instructions?|regles?|directives?|ordres?|prompt|contexte|programmation|filtres?|garde-?fous?|securites?|restrictions?|limites?|protocole|message systeme|parametres|configuration|contraintes?)';
const UNDO =
  "(?:ignore[zr]?|oublie[zr]?|neglige[zr]?|outrepasse[zr]?|contourne[zr]?|desactive[zr]?|abandonne[zr]?|efface[zr]?|supprime[zr]?|leve[zr]?|annule[zr]?|ne (?:tiens|tenez|tenir) (?:plus |pas |aucun |aucunement )?compte|ne (?:suis|suivez|respecte[zr]?|applique[zr]?) (?:plus|pas|aucune?)|fais abstraction|faites abstraction|passe[zr]? outre|laisse[zr]? (?:tomber|de cote)|mets de cote|mettez de cote|desobeis|desobeissez|n'(?:applique[zr]?|obeis|obeissez) (?:plus|pas|aucune?)|libere-toi|liberez-vous|ne sont plus valables|n'existent plus|ne s'appliquent plus|sont (?:annulee?s|suspendue?s|levee?s|abrogee?s|caduques))";
const OWNED =
  "(?:precedente?s?|ci-dessus|d'avant|anterieure?s?|initiale?s?|recue?s?|donnee?s?|prealables?|d'origine|systeme|de (?:ton|votre) (?:createur|concepteur|developpeur|maitre|administrateur)|plus haut|jusqu'ici|jusqu'a present|habituelle?s?)";

/** Each pattern is held against one folded sentence. The order decides which kind is reported. */
const PATTERNS: readonly [HostileKind, RegExp][] = [
  [
    'role',
    /<\|[^>]{0,40}\|?>|<\/?\s*(?:system|systeme|assistant|user|utilisateur|inst|instructions?|consignes?|sys|prompt|passages?|document|im_start|im_end)\b[^>]*>|\[\/?(?:inst|system|sys|systeme|assistant|user|admin|administrateur)\b[^\]]*\]|<<\/?sys>>/,
  ],
  [
    'role',
    /(?:^|[\n#>*|\-–—"«{]\s*)#*\s*\**(?:system|systeme|assistant|ai|ia|human|user|utilisateur|developer|developpeur|administrateur|admin|root|message systeme|system prompt|note a l'ia|instructions? (?:systeme|pour l'ia|a l'assistant)|consigne systeme|nouvelles? (?:instructions?|consignes?|regles?))\b\**\s*"?\s*[:=]/,
  ],
  ['role', /#{2,}\s*(?:instructions?|consignes?|ordres?|system|systeme|regles?)\b/],
  [
    'role',
    /"role"\s*:\s*"(?:system|assistant|user|developer)"|(?:^|\s)(?:fin|end) (?:des? |of )(?:documents?|passages?|contexte|context|prompt|extraits?)\b|-{3,}\s*(?:fin|begin|end|debut|nouve|new)/,
  ],
  [
    'exfiltration',
    /!\[[^\]]*\]\s*\(|<\s*(?:img|script|iframe|object|embed|svg|form|link|meta|a)\b|javascript:|data:(?:text|image)\//,
  ],
  [
    'exfiltration',
    /https?:\/\/[^\s?&=]*[?&=]\S{0,300}(?:\{|\[|<|\$|%7b|question|reponse|prompt|texte|donnees|data|conversation|eleve|nom)/,
  ],
  [
    'exfiltration',
    /(?:\b(?:envoie|envoyez|envoyer|transmets|transmettez|transmettre|poste|postez|publie|publiez|copie|copiez|expedie|expediez|exfiltre|exfiltrez|communique|communiquez|charge|chargez|appelle|appelez|ouvre|ouvrez|telecharge|telechargez)\b).{0,120}(?:https?:|www\.|\S+@\S+|\badresse (?:suivante|url)|\burl\b|\bserveur\b|\bwebhook\b)/,
  ],
  [
    'exfiltration',
    /\b(?:revele|revelez|affiche|affichez|recopie|recopiez|imprime|imprimez|repete|repetez|donne|donnez|divulgue|divulguez|montre|montrez)\b.{0,60}(?:prompt|message systeme|(?:tes|vos|ses) (?:consignes|instructions|regles|directives)|instructions (?:systeme|cachees|internes)|mots? de passe|cles? (?:d'api|api|secretes?)|(?:autres|noms des) (?:eleves|documents)|conversation)/,
  ],
  [
    'encoded',
    /\b(?:base ?64|rot ?13|hexadecimal|code de cesar|code morse|en morse|a l'envers|de droite a gauche|unicode)\b.{0,120}\b(?:execute|executez|suis|suivez|applique|appliquez|obeis|obeissez|fais|faites|reponds|repondez|ordre|consigne|instruction|decode|decodez)\b/,
  ],
  [
    'encoded',
    /\b(?:decode|decodez|dechiffre|dechiffrez|decrypte|decryptez)\b.{0,120}\b(?:execute|executez|suis|suivez|applique|appliquez|obeis|obeissez|fais|faites|reponds|repondez|consigne|ordre|instruction)/,
  ],
  [
    'encoded',
    /(?:[a-z0-9+/]{40,}={0,2}|(?:%[0-9a-f]{2}){8,}|(?:\\x[0-9a-f]{2}){6,}|(?:&#x?[0-9a-f]+;){6,}|(?:\b[01]{8}\b ?){4,}|(?:\b[0-9a-f]{2}\b ){10,})/,
  ],
  ['override', new RegExp(`${UNDO}.{0,80}${RULES}.{0,60}${OWNED}`)],
  [
    'override',
    new RegExp(
      `\\b(?:tes|toutes? tes|vos|ses|mes|leurs|toutes les|toute|tout|tous les|l'ensemble des|les)\\b.{0,30}${RULES}.{0,60}${OWNED}.{0,60}${UNDO}`,
    ),
  ],
  ['override', new RegExp(`\\b(?:tes|vos|ses) ${RULES}\\b.{0,30}${UNDO}`)],
  ['override', new RegExp(`${UNDO}.{0,40}\\b(?:tes|toutes? tes|tous tes|ton|ta)\\b.{0,40}${RULES}`)],
  [
    'override',
    new RegExp(
      `${UNDO}.{0,60}(?:tout ce qui precede|ce qui precede|ce qu'on t'a dit|ce que (?:l'on|on) (?:t'a|vous a) (?:dit|demande|appris)|message systeme|prompt|les autres (?:documents|passages|extraits|sources)|(?:du|le) reste (?:du|des) (?:documents?|passages|extraits|cours|texte))`,
    ),
  ],
  [
    'override',
    /\b(?:tu es|vous etes) (?:maintenant|desormais|dorenavant|a present)\b|\b(?:a partir de maintenant|desormais|dorenavant|des a present),? (?:tu|ton|tes|l'assistant|l'ia|reponds|repondez|dis|parle|parlez|ecris|oublie|ignore)\b|\bmode (?:developpeur|developer|administrateur|admin|debug|debogage|maintenance|sans (?:filtre|limite|censure)|libre|dieu|dan|test|root|demonstration)\b.{0,60}(?:active|actif|enclenche|reponds|dis|tu|vous|ia|assistant|sans|repond)|\b(?:active|activez|passe en|passez en|entre en|bascule en|basculez en)\b.{0,20}\bmode\b.{0,30}(?:developpeur|developer|admin|debug|maintenance|sans|libre|dan|test|root)/,
  ],
  [
    'override',
    /\b(?:joue|jouez|prends|prenez|adopte|adoptez|endosse) (?:maintenant )?(?:le role|l'identite|la personnalite|la voix|le personnage) d(?:e|'|u).{0,80}\b(?:sans|reponds|repond|regle|limite|filtre|qui dit|qui repond)/,
  ],
  ['order', new RegExp(`\\b${MACHINE}\\b.{0,160}\\b${IMPERATIVE}\\b`)],
  [
    'order',
    new RegExp(
      `\\b${IMPERATIVE}\\b.{0,160}\\b(?:en tant qu'|comme )?${MACHINE}\\b(?! (?:repond|est|sont|peut|a|ont))`,
    ),
  ],
  ['order', new RegExp(`\\b${MACHINE}\\b.{0,60}${DUTY}`)],
  ['order', new RegExp(`${DUTY}.{0,20}\\b${MACHINE}\\b`)],
  [
    'order',
    new RegExp(
      `${DUTY}.{0,60}\\b(?:toute|chaque|quelle que soit la|n'importe quelle) (?:question|demande|reponse)`,
    ),
  ],
  [
    'order',
    new RegExp(
      `\\b(?:si|quand|lorsqu|lorsque|chaque fois qu|des qu|au cas ou).{0,40}\\b(?:demande|demandent|demandera|interroge|interrogent|questionne|pose (?:une|la|cette) question|question porte|veut savoir|cherche a savoir)\\b.{0,160}\\b(?:${IMPERATIVE}|il faut (?:repondre|dire|ecrire)|tu (?:dois|reponds|diras|repondras)|la (?:seule |bonne )?reponse (?:est|sera|a donner)|on (?:repond|repondra))\\b`,
    ),
  ],
  [
    'order',
    new RegExp(
      `\\b(?:a|pour) (?:toute|chaque|n'importe quelle|la prochaine|cette|la) (?:question|demande|requete)s?\\b.{0,80}\\b(?:${IMPERATIVE}|la (?:seule )?reponse)\\b`,
    ),
  ],
  [
    'order',
    /\bquelle que soit (?:la|ta|leur|votre) (?:question|demande|requete)|\bquoi qu'on (?:te|vous|lui) demande|\bpeu importe (?:la|ce qu).{0,30}(?:question|demande)/,
  ],
  [
    'order',
    /\b(?:dans|de|a|en tete de|au debut de|a la fin de) (?:toutes? |chacune de )?(?:ta|tes) (?:prochaines? |futures? )?reponses?\b|\b(?:ta|tes) (?:prochaines? |futures? |seules? )?reponses? (?:doit|doivent|devra|devront|sera|seront|commence|commencera|se termine|contient|contiendra|est)\b/,
  ],
  [
    'order',
    /\b(?:commence|commencez|termine|terminez|conclus|concluez|finis|finissez|debute|debutez)\b.{0,30}\b(?:reponses?|message)\b.{0,40}(?:par|avec|en)\b.{0,80}(?:https?:|!|emoji|majuscules|publicite|slogan|achet|visit|abonn|inscri|clique)/,
  ],
  [
    'order',
    /\b(?:reponds|repondez|repondre|repond)\b.{0,40}\b(?:uniquement|seulement|simplement|exclusivement|toujours|systematiquement|sans exception|rien d'autre)\b.{0,60}(?:«|"|:|'|“|par\b)|\bne (?:reponds|dis|ecris|donne) (?:rien d'autre|que|plus|pas)\b|\bne (?:repondez|dites|ecrivez|donnez) rien d'autre/,
  ],
  [
    'order',
    /\b(?:dis|dites|fais croire|faites croire|convaincs|persuade|persuadez)\b.{0,30}(?:a l'eleve|aux eleves|a l'utilisateur|a l'utilisatrice|a l'enfant|au lecteur|a ton interlocuteur|a celui qui|a la personne)\b.{0,20}(?:qu|de|d')/,
  ],
  [
    'order',
    /\b(?:ne (?:cite|mentionne|revele|signale|precise|parle|montre|dis)\b|ne (?:citez|mentionnez|revelez|signalez) |sans (?:citer|mentionner|reveler|signaler|indiquer)).{0,60}(?:d'ou vient|(?:la|aucune) (?:source|provenance)|cette (?:consigne|instruction|note|phrase|ligne)|ce (?:message|texte|passage)|a personne|preuve|numeros? de page|d'ou)/,
  ],
  [
    'authority',
    /\b(?:ce|cet|cette|le present|seul ce|seul cet|seule cette) (?:passage|document|extrait|paragraphe|texte|note|page|source|phrase|fichier)\b.{0,60}\b(?:fait (?:seul )?autorite|prime|prevaut|est (?:la|le|l') (?:seule?|unique)|l'emporte|est prioritaire|a la priorite|annule tous|remplace (?:tous|toutes)|doit etre (?:cite|prefere|place|classe))/,
  ],
  [
    'authority',
    /\b(?:les|tous les|toutes les|tout) (?:autres?) (?:passages?|documents?|extraits?|sources?|textes?|pages?)\b.{0,60}\b(?:sont|est|contiennent|mentent|ment)\b.{0,40}(?:faux|fausses|perime|errone|mensong|obsolet|pieg|pirate|a ignorer|incorrect|nul|erreurs?|trafique|truque)/,
  ],
];

/** An order that goes on in the next sentence: it begins with an imperative and has no reader of its own. */
const GOES_ON = new RegExp(
  `^(?:(?:ensuite|puis|enfin|et|ainsi|a la place|au lieu de cela|plutot|aussi|de plus|surtout|maintenant|desormais|alors)[, ]+)?(?:ne |n')?(?:${IMPERATIVE})\\b|^(?:tu|l'assistant|l'ia)\\b`,
);

/**
 * Sentences of a passage that give orders to the program that reads them. A passage is evidence, never a speaker: what
 * is found here is not quoted as an answer and does not reach a model. Patterns on purpose: they need no model, are the
 * same everywhere, and say why.
 * @returns spans in UTF-16 units of `text`, in order, without overlap
 */
export function findHostile(text: string): HostileSpan[] {
  const found: HostileSpan[] = [];
  let before: HostileSpan | undefined;
  for (const { start, end } of sentences(text)) {
    const kind = hostileKind(text.slice(start, end), before !== undefined);
    before = kind ? { start, end, kind } : undefined;
    if (before) found.push(before);
  }
  return found;
}

function hostileKind(sentence: string, afterHostile: boolean): HostileKind | undefined {
  const plain = unmask(sentence);
  const closed = joinSpaced(plain);
  for (const [kind, pattern] of PATTERNS) {
    if (pattern.test(plain) || (closed !== plain && pattern.test(closed))) return kind;
  }
  return afterHostile && GOES_ON.test(plain) ? 'order' : undefined;
}

/** `i g n o r e` and `i.g.n.o.r.e` are words too; two spaces or a slash between them were folded into one, so they are joined whole. */
function joinSpaced(text: string): string {
  return text.replace(/\b(?:[a-z][ .\-_*]){4,}[a-z]\b/g, (run) => run.replace(/[ .\-_*]/g, ''));
}

/** The question is about orders in documents, so that quoting one answers it. */
export function asksAboutOrders(question: string): boolean {
  return /\b(?:consignes?|instructions?|ordres?|messages?|phrases?)\b.{0,40}\b(?:cachee?s?|suspecte?s?|piegee?s?|assistant|ia|machine|programme|modele)\b/.test(
    unmask(question),
  );
}

/**
 * A passage as a model may read it: hostile sentences left out with a word that says so, no links or pictures, no
 * characters that a reader does not see, no angle brackets with which it could close its own frame.
 */
export function neutralise(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of findHostile(text)) {
    parts.push(text.slice(from, start), '[phrase retirée : elle donne des ordres à l’assistant]');
    from = end;
  }
  parts.push(text.slice(from));
  return withoutLinks(parts.join(''));
}

/** Text without addresses, pictures and markup, whose words stay; angle brackets can close no frame. */
export function withoutLinks(text: string): string {
  return withoutMarkup(text)
    .replace(/\b(?:https?|ftp|javascript|data):\S+|\bwww\.\S+/gi, '[adresse retirée]')
    .replaceAll('<', '‹')
    .replaceAll('>', '›');
}

/** Text in which a page or a chat program finds nothing to load or to follow: markdown's links and pictures and HTML's elements leave their words. */
export function withoutMarkup(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/!?\[([^\]]*)\]\s*\([^)]*\)/g, '$1')
    .replace(/<\/?[a-z!][^>]*>/gi, ' ');
}
