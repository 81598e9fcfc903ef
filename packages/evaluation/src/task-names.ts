/** Names of tasks for people, French and English. The web page has the same list in its bundle; a test there holds the two equal. */
const taskNames: Record<string, { fr: string; en: string }> = {
  'grammaire-fr': {
    fr: 'Grammaire française\u00a0: phrase juste préférée à la fautive',
    en: 'French grammar: right sentence preferred to the wrong one',
  },
  'samples-in-french': { fr: 'Textes libres qui sont en français', en: 'Free samples that are in French' },
  'capitals-stopped': {
    fr: 'Capitales, pays avec question d’entraînement\u00a0: réponses qui s’arrêtent seules',
    en: 'Capitals, countries with a training question: answers that stop by themselves',
  },
  'capitals-correct': {
    fr: 'Capitales, pays avec question d’entraînement\u00a0: réponses justes',
    en: 'Capitals, countries with a training question: right answers',
  },
  'capitals-held-out-stopped': {
    fr: 'Capitales, pays sans question d’entraînement\u00a0: réponses qui s’arrêtent seules',
    en: 'Capitals, countries without a training question: answers that stop by themselves',
  },
  'capitals-held-out-correct': {
    fr: 'Capitales, pays sans question d’entraînement\u00a0: réponses justes',
    en: 'Capitals, countries without a training question: right answers',
  },
};

const languageNames: Record<string, { fr: string; en: string }> = {
  fr: { fr: 'français', en: 'French' },
  en: { fr: 'anglais', en: 'English' },
};

/** A task's name for people, in a few words; a task that is not known here keeps its own. */
export function taskName(name: string, language: 'fr' | 'en'): string {
  const known = taskNames[name];
  if (known) return known[language];
  const bits = /^bits-per-byte-([a-z]{2})(-over-xz)?$/.exec(name);
  if (!bits) return name;
  const text = languageNames[bits[1]!]?.[language] ?? bits[1]!;
  const ratio = bits[2] ? ', ÷ xz' : '';
  return language === 'fr' ? `Bits par octet, ${text}${ratio}` : `Bits per byte, ${text}${ratio}`;
}
