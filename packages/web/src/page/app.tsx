import type { RunReport } from '@lucie/server';
import { useEffect, useRef, useState } from 'react';
import { fetchModels, fetchRun, type ModelInfo } from './api.ts';
import { Brief } from './brief.tsx';
import { Chat } from './chat.tsx';
import { Curves } from './curves.tsx';
import { Header } from './header.tsx';
import { LocaleProvider, useLocale } from './locale.tsx';
import { Rooms } from './room/rooms.tsx';
import { usePageTitle } from './room/use-page-title.ts';
import { useRoute } from './room/use-route.ts';
import { Scores } from './scores.tsx';
import { Sources } from './sources.tsx';

const REFRESH_MS = 5000;

export function App() {
  return (
    <LocaleProvider>
      <Place />
    </LocaleProvider>
  );
}

/** The page that the address asks for. */
function Place() {
  const route = useRoute();
  const shown = route.page === 'room' ? route.room : route.page;
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    // A link led here: whoever listens must hear where they are, whoever looks must see its beginning.
    const beginning = document.getElementById(shown === 'first' ? 'talk' : 'contents');
    beginning?.focus();
    beginning?.scrollIntoView();
  }, [shown]);
  return route.page === 'first' ? <FirstPage /> : <Rooms route={route} />;
}

function FirstPage() {
  const { t } = useLocale();
  usePageTitle(t.title);
  const [models, setModels] = useState<ModelInfo[]>([]);
  // undefined while it loads, null when the model is served without its run.
  const [run, setRun] = useState<RunReport | null>();
  useEffect(() => {
    fetchModels().then(setModels, () => setModels([]));
    fetchRun().then(setRun, () => setRun(null));
  }, []);
  useEffect(() => {
    if (!run || run.unfinished.length === 0) return;
    // A model under way: its curves grow while the class watches.
    const timer = setTimeout(() => fetchRun().then(setRun, () => {}), REFRESH_MS);
    return () => clearTimeout(timer);
  }, [run]);
  return (
    <>
      <a className="skip" href="#talk">
        {t.skip}
      </a>
      <Header run={run} />
      <main>
        <p className="banner" role="note">
          <strong>{t.bannerTitle}.</strong> {t.banner} <span>{t.bannerPrivate}</span>
        </p>
        <div className="talk">
          <Chat models={models} />
          <Brief run={run} models={models} />
        </div>
        <Curves run={run} />
        {run && run.scores.length > 0 && <Scores run={run} />}
        {run && run.sources.length > 0 && <Sources run={run} />}
        {run && run.problems.length > 0 && (
          <section className="card problems">
            <p>{t.problems}</p>
            <ul>
              {run.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </section>
        )}
      </main>
    </>
  );
}
