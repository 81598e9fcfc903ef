/** Domains of public administrations. */
const ADMINISTRATIONS =
  /(?:^|[.@])(?:gouv\.fr|service-public\.fr|europa\.eu|admin\.ch|bund\.de|belgium\.be|fgov\.be|gov\.uk|gob\.es|gov\.it|governo\.it|gov)$/;
/** Mailboxes of an office, not of a person. */
const OFFICES =
  /^(?:accueil|cada|contact|contacts|contatti|contacto|courrier|depot|documentation|dpd|dpo|enquiries|info|information|informations|infos|kontakt|mail|post|poststelle|postmaster|presse|press|secretariat|service|support|urp|webmaster)(?:[.-][a-z]{2,20}){0,2}$/;

/** `contact@interieur.gouv.fr`: given to the public on purpose by an administration, and no person's. Lower case. */
export function isPublicMailbox(address: string): boolean {
  const at = address.lastIndexOf('@');
  return ADMINISTRATIONS.test(address.slice(at)) && OFFICES.test(address.slice(0, at));
}
