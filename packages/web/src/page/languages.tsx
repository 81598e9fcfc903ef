import { useLocale } from './locale.tsx';

/** The switch between French and English. */
export function Languages() {
  const { t, language, setLanguage } = useLocale();
  return (
    <fieldset className="languages">
      <legend className="hidden">{t.language}</legend>
      {(['fr', 'en'] as const).map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={language === each}
          onClick={() => setLanguage(each)}
        >
          {each === 'fr' ? 'Français' : 'English'}
        </button>
      ))}
    </fieldset>
  );
}
