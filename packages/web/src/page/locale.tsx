import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { type Formats, formatsFor } from './formats.ts';
import { LANGUAGES, type Language, type Texts } from './texts.ts';

interface Locale {
  language: Language;
  setLanguage: (language: Language) => void;
  t: Texts;
  format: Formats;
}

const LocaleContext = createContext<Locale | undefined>(undefined);

/** French unless the address says `?lang=en`; the choice is kept in the address alone. */
export function LocaleProvider(props: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'fr',
  );
  const t = LANGUAGES[language];
  useEffect(() => {
    document.documentElement.lang = language;
    const url = new URL(location.href);
    if (language === 'fr') url.searchParams.delete('lang');
    else url.searchParams.set('lang', language);
    if (url.href !== location.href) history.replaceState(null, '', url);
  }, [language]);
  const value = useMemo(() => ({ language, setLanguage, t, format: formatsFor(language) }), [language, t]);
  return <LocaleContext value={value}>{props.children}</LocaleContext>;
}

export function useLocale(): Locale {
  const locale = useContext(LocaleContext);
  if (!locale) throw new Error('useLocale outside LocaleProvider');
  return locale;
}
