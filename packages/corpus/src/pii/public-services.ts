/** What announces the number of a service in the eighty characters before it. */
const BEFORE =
  /(?:service d['’]accueil|accueil t[ée]l[ée]phonique|standard t[ée]l[ée]phonique|num[ée]ro (?:vert|gratuit|unique|national|d['’]urgence)|serveur vocal|centre d['’]appel|plate-?forme t[ée]l[ée]phonique|relation client|d[ée]fenseur des droits|hotline|helpline|call cent(?:er|re)|switchboard|customer service|servicenummer|servicetelefon|b[üu]rgertelefon|kundenservice|atenci[óo]n al (?:cliente|ciudadano|p[úu]blico)|l[íi]nea gratuita|centralino|numero verde|servizio clienti)/i;
/** What stands behind it by law or by custom: its price, its hours. */
const AFTER =
  /(?:appel (?:gratuit|local|non surtax)|(?:prix|co[ûu]t) d['’]un appel|service gratuit|num[ée]ro gratuit|du lundi au (?:vendredi|samedi|dimanche)|24\s?h?\s?\/\s?24|7\s?j?\s?\/\s?7|toll[- ]?free|free of charge|monday to (?:friday|saturday|sunday)|geb[üu]hrenfrei|kostenlos|montags? bis|mo\.?\s?[-–]\s?fr\b|de lunes a|llamada gratuita|dal luned[ìi]|chiamata gratuita)/i;

/**
 * Whether a phone number is one that a service gives to everybody: a word for it before, or its price or opening hours
 * behind, in the same paragraph. A number without such words may be anyone's.
 */
export function isPublicService(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 80), start);
  const after = text.slice(end, end + 60);
  return BEFORE.test(before.slice(before.lastIndexOf('\n') + 1)) || AFTER.test(after.split('\n', 1)[0]!);
}
