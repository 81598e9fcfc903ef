import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';

/** Steps are whole: 1, 2, 5, 10, … */
const WHOLE_INCREMENTS = Array.from({ length: 9 }, (_, power) =>
  [1, 2, 5].map((each) => each * 10 ** power),
).flat();

interface Line {
  values: number[];
  /** A custom property of the style sheet, so that light and dark have their own. */
  color: string;
  width: number;
}

/**
 * A line chart with a marker at `index`. Pointing at it moves the marker; the slider beside it does so by keyboard.
 * To those who do not see it, it is one image with a sentence.
 */
export function LineChart(props: {
  label: string;
  x: number[];
  series: Line[];
  height: number;
  index: number;
  onIndex: (index: number) => void;
  /** Both formatters must stay the same functions, or the chart is made anew. */
  formatX: (value: number) => string;
  /** Is also given the distance between two marks of the axis. */
  formatY: (value: number, increment: number) => string;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const dark = useDark();
  const { x, height, formatX, formatY, index } = props;
  const lines = props.series.map((line) => line.values);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `dark` changes the colours read below
  useEffect(() => {
    const element = holder.current!;
    const style = getComputedStyle(element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color('--ink-soft'),
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
      font: `12px ${style.fontFamily}`,
    };
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        padding: [8, 12, 0, 0],
        cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 9 } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, size: 28, incrs: WHOLE_INCREMENTS, values: (_plot, values) => values.map(formatX) },
          {
            ...axis,
            size: 58,
            values: (_plot, values, _axis, _space, increment) =>
              values.map((value) => formatY(value, increment)),
          },
        ],
        series: [
          {},
          ...latest.current.series.map((line) => ({
            stroke: color(line.color),
            width: line.width,
            points: { show: false },
          })),
        ],
        hooks: {
          // Positions are known from the first drawing on, and change with every other.
          draw: [(chart) => mark(chart, latest.current.index)],
          setCursor: [
            (chart) => {
              const at = chart.cursor.idx;
              if (typeof at === 'number' && at !== latest.current.index) latest.current.onIndex(at);
            },
          ],
        },
      },
      [x, ...lines],
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => {
      if (chart.width !== element.clientWidth) chart.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [x, height, formatX, formatY, dark]);

  useEffect(() => {
    if (plot.current && plot.current.cursor.idx !== index) mark(plot.current, index);
  }, [index]);

  return <div ref={holder} className="chart" role="img" aria-label={props.label} style={{ height }} />;
}

/** Puts the marker on a point without telling anybody. */
function mark(chart: uPlot, index: number): void {
  chart.setCursor({ left: chart.valToPos(chart.data[0][index]!, 'x'), top: 0 }, false);
}

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return dark;
}
