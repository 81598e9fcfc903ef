import type { RunReport, Score } from '@lucie/server';
import type { Formats } from './formats.ts';
import { useLocale } from './locale.tsx';
import type { Texts } from './texts.ts';

export function Scores(props: { run: RunReport }) {
  const { t, format } = useLocale();
  return (
    <section id="scores" aria-labelledby="scores-title">
      <h2 id="scores-title">{t.scores}</h2>
      <p className="lead">{t.scoresHelp}</p>
      <div className="card">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.scoreName}</th>
              <th scope="col">{t.scoreValue}</th>
              <th scope="col">{t.reference}</th>
            </tr>
          </thead>
          <tbody>
            {props.run.scores.map((score) => {
              const show = showAs(score.metric, format);
              return (
                <tr key={score.name}>
                  <th scope="row">{t.scoreNames[score.name] ?? score.name}</th>
                  <td>
                    <span className="strong">{show(score.value)}</span>
                    {score.low !== undefined && score.high !== undefined && (
                      <span className="hint">
                        {show(score.low)} – {show(score.high)}
                      </span>
                    )}
                  </td>
                  <td>{comparison(score, show, t)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <p className="hint">{t.scoresNote}</p>
        {props.run.evaluationPage && (
          <p className="more">
            <a href="evaluation">{t.evaluationPage}</a>
          </p>
        )}
      </div>
    </section>
  );
}

/** Shares read best as percentages, the rest as plain figures. */
function showAs(metric: string, format: Formats): (value: number) => string {
  return metric === 'accuracy' || metric === 'share' ? format.percent : (value) => format.decimal(value, 2);
}

function comparison(score: Score, show: (value: number) => string, t: Texts): string {
  if (score.peer) return t.peers(show(score.peer.xz), show(score.peer.zstd));
  if (score.bar === undefined) return '—';
  const lower = score.better === 'lower';
  const reached = lower ? score.value <= score.bar : score.value >= score.bar;
  return `${(lower ? t.atMost : t.atLeast)(show(score.bar))}, ${reached ? t.reached : t.missed}`;
}
