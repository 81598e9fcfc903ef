import type { RunReport } from '@lucie/server';
import { useLocale } from './locale.tsx';

export function Header(props: { run: RunReport | null | undefined }) {
  const { t, language, setLanguage } = useLocale();
  const links: [id: string, text: string, shown: boolean][] = [
    ['talk', t.navTalk, true],
    ['curves', t.navCurves, true],
    ['scores', t.navScores, (props.run?.scores.length ?? 0) > 0],
    ['sources', t.navSources, (props.run?.sources.length ?? 0) > 0],
  ];
  return (
    <header>
      <h1>
        <img src="./favicon.svg" alt="" width="32" height="32" />
        LUCIE
        {props.run && <span className="recipe">{props.run.recipe}</span>}
      </h1>
      <nav aria-label={t.nav}>
        {links.map(
          ([id, text, shown]) =>
            shown && (
              <a key={id} href={`#${id}`}>
                {text}
              </a>
            ),
        )}
      </nav>
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
    </header>
  );
}
