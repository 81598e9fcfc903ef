import type { RunReport } from '@lucie/server';
import type { ModelInfo } from './api.ts';
import { useLocale } from './locale.tsx';

/** The model's figures and papers, each from the run's manifests. */
export function Brief(props: { run: RunReport | null | undefined; models: ModelInfo[] }) {
  const { t, format } = useLocale();
  const { run, models } = props;
  const facts: [name: string, value: string, help: string][] = [];
  if (run?.parameters !== undefined)
    facts.push([t.parameters, format.compact(run.parameters), t.parametersHelp]);
  if (run?.tokens !== undefined) facts.push([t.trainedOn, format.compact(run.tokens), t.trainedOnHelp]);
  if (models[0]) facts.push([t.memory, format.whole(models[0].context_length), t.memoryHelp]);
  if (run && run.stages.length > 0) {
    facts.push([t.time, format.duration(run.seconds), t.timeHelp]);
    facts.push([
      t.energy,
      format.energy(run.energy.joules),
      run.energy.method === 'rapl' ? t.measured : t.estimated,
    ]);
  }
  return (
    <aside className="card brief" aria-labelledby="brief-title">
      <h2 id="brief-title">{t.brief}</h2>
      <dl>
        {facts.map(([name, value, help]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className="value">{value}</span>
              <span className="hint">{help}</span>
            </dd>
          </div>
        ))}
      </dl>
      {run && run.unfinished.length > 0 && (
        <p className="remark">
          {t.unfinished(run.unfinished.map((name) => t.stageNames[name] ?? name).join(', '))}
        </p>
      )}
      {run && run.papers.length > 0 && (
        <>
          <h3>{t.papers}</h3>
          <ul className="papers">
            {run.papers.map((paper) => (
              <li key={paper}>
                <a href={`release/${paper}`}>{t.paperNames[paper] ?? paper}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
