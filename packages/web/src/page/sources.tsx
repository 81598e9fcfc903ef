import type { RunReport } from '@lucie/server';
import { useLocale } from './locale.tsx';

export function Sources(props: { run: RunReport }) {
  const { t, format } = useLocale();
  return (
    <section id="sources" aria-labelledby="sources-title">
      <h2 id="sources-title">{t.sources}</h2>
      <p className="lead">{t.sourcesHelp}</p>
      <div className="card">
        <table>
          <thead>
            <tr>
              <th scope="col">{t.source}</th>
              <th scope="col">{t.licence}</th>
              <th scope="col">{t.share}</th>
            </tr>
          </thead>
          <tbody>
            {props.run.sources.map((source) => (
              <tr key={source.name}>
                <th scope="row">
                  {source.attribution || source.name}
                  <span className="hint">
                    {source.languages.map((each) => t.languages[each] ?? each).join(', ')}
                  </span>
                </th>
                <td>{source.licenceName}</td>
                <td className="share">
                  <span className="bar" style={{ inlineSize: `${100 * source.share}%` }} aria-hidden="true" />
                  {source.share < 0.001 ? `< ${format.percent(0.001)}` : format.percent(source.share)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
