import type { Curve } from '@lucie/server';
import { useMemo, useState } from 'react';
import { LineChart } from './line-chart.tsx';
import { useLocale } from './locale.tsx';
import { smooth, spread } from './smooth.ts';

/** Neighbours on each side that a smoothed point is the mean of, as a part of the curve. */
const REACH = 0.01;
const TABLE_ROWS = 12;

/** One training's curves: loss and learning rate, a slider to walk along them, the same as a table. */
export function CurveFigure(props: { id: string; title: string; curve: Curve }) {
  const { t, format } = useLocale();
  const { id, title, curve } = props;
  const smoothed = useMemo(
    () => smooth(curve.loss, Math.max(2, Math.round(REACH * curve.loss.length))),
    [curve],
  );
  const last = curve.step.length - 1;
  // Until somebody moves the marker it stands at the end, also when the curve grows.
  const [index, setIndex] = useState<number>();
  const at = Math.min(index ?? last, last);
  const loss = (value: number) => format.decimal(value, 2);
  const summary = t.chart(
    title,
    format.whole(curve.step[last]! + 1),
    loss(smoothed[0]!),
    loss(smoothed[last]!),
  );
  const values: [kind: string, name: string, value: string][] = [
    ['step', t.step, format.whole(curve.step[at]!)],
    ['smooth', t.lossSmooth, loss(smoothed[at]!)],
    ['raw', t.loss, loss(curve.loss[at]!)],
    ['lr', t.lr, format.small(curve.lr[at]!)],
  ];
  return (
    <figure className="card">
      <figcaption>
        <h3>{title}</h3>
        <dl className="readout">
          {values.map(([kind, name, value]) => (
            <div key={kind} className={kind}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </figcaption>
      <LineChart
        label={summary}
        x={curve.step}
        series={[
          { values: curve.loss, color: '--curve-raw', width: 1 },
          { values: smoothed, color: '--curve', width: 2.5 },
        ]}
        height={220}
        index={at}
        onIndex={setIndex}
        formatX={format.whole}
        formatY={format.apart}
      />
      <p className="axis-name">{t.lr}</p>
      <LineChart
        label={t.lr}
        x={curve.step}
        series={[{ values: curve.lr, color: '--curve-lr', width: 2 }]}
        height={90}
        index={at}
        onIndex={setIndex}
        formatX={format.whole}
        formatY={format.small}
      />
      <label className="hidden" htmlFor={`${id}-step`}>
        {t.explore(title)}
      </label>
      <input
        id={`${id}-step`}
        type="range"
        min={0}
        max={last}
        value={at}
        aria-valuetext={values.map(([, name, value]) => `${name} ${value}`).join(', ')}
        onChange={(event) => setIndex(event.target.valueAsNumber)}
      />
      {curve.every > 1 && <p className="hint">{t.every(format.whole(curve.every))}</p>}
      <details>
        <summary>{t.asTable}</summary>
        <table>
          <caption className="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.step}</th>
              <th scope="col">{t.lossSmooth}</th>
              <th scope="col">{t.loss}</th>
              <th scope="col">{t.lr}</th>
            </tr>
          </thead>
          <tbody>
            {spread(curve.step.length, TABLE_ROWS).map((row) => (
              <tr key={row}>
                <th scope="row">{format.whole(curve.step[row]!)}</th>
                <td>{loss(smoothed[row]!)}</td>
                <td>{loss(curve.loss[row]!)}</td>
                <td>{format.small(curve.lr[row]!)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
