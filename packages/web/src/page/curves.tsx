import type { RunReport } from '@lucie/server';
import { CurveFigure } from './curve-figure.tsx';
import { useLocale } from './locale.tsx';

export function Curves(props: { run: RunReport | null | undefined }) {
  const { t } = useLocale();
  const { base, instruct } = props.run?.curves ?? {};
  return (
    <section id="curves" aria-labelledby="curves-title">
      <h2 id="curves-title">{t.curves}</h2>
      {base || instruct ? (
        <>
          <p className="lead">{t.curvesHelp}</p>
          <div className="figures">
            {base && <CurveFigure id="base" title={t.base} curve={base} />}
            {instruct && <CurveFigure id="instruct" title={t.instruct} curve={instruct} />}
          </div>
        </>
      ) : (
        <p className="lead">{props.run === undefined ? t.loading : t.noCurves}</p>
      )}
    </section>
  );
}
