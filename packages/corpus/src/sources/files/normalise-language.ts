/** ISO 639-2 and -3 codes that datasets use for the languages of the corpus, and their names. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  fra: 'fr',
  fre: 'fr',
  french: 'fr',
  français: 'fr',
  eng: 'en',
  english: 'en',
  deu: 'de',
  ger: 'de',
  german: 'de',
  spa: 'es',
  spanish: 'es',
  ita: 'it',
  italian: 'it',
};
const PAIRED = new Set(['fr', 'en', 'de', 'es', 'it']);

/**
 * A language as sources write it → ISO 639-1: `fra`, `fr_FR`, `French` are `fr`. `fr-en` stays the pair that it is;
 * `code:<language>` stays; what is unknown comes back in lower case.
 */
export function normaliseLanguage(value: string): string {
  const text = value.trim().toLowerCase();
  const [first, second] = text.split(/[-_]/);
  if (
    second !== undefined &&
    first !== second &&
    PAIRED.has(first!) &&
    PAIRED.has(second) &&
    text.length === 5
  )
    return `${first}-${second}`;
  if (/^[a-z]{2}([-_][a-z0-9]{2,8})+$/.test(text)) return first!;
  return OTHER_NAMES[text] ?? OTHER_NAMES[text.replace(/_[a-z]{4}$/, '')] ?? text;
}
