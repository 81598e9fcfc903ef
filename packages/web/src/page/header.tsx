import type { RunReport } from '@lucie/server';
import { Languages } from './languages.tsx';
import { useLocale } from './locale.tsx';
import { ROOMS_HASH } from './room/route.ts';

export function Header(props: { run: RunReport | null | undefined }) {
  const { t } = useLocale();
  const links: [address: string, text: string, shown: boolean][] = [
    ['#talk', t.navTalk, true],
    [ROOMS_HASH, t.navRooms, true],
    ['#curves', t.navCurves, true],
    ['#scores', t.navScores, (props.run?.scores.length ?? 0) > 0],
    ['#sources', t.navSources, (props.run?.sources.length ?? 0) > 0],
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
          ([address, text, shown]) =>
            shown && (
              <a key={address} href={address}>
                {text}
              </a>
            ),
        )}
      </nav>
      <Languages />
    </header>
  );
}
