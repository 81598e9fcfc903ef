import { Html } from '@lucie/ledger';

/** The page's style sheet; colours keep a contrast of at least 4.5 on their ground, in light and dark. */
export const style: Html = new Html(`
:root{color-scheme:light dark;--ground:#fbfaf7;--card:#fff;--ink:#1d2433;--soft:#565f70;--rule:#e0ddd5;--model:#2453c4;--xz:#b98a2e;--zstd:#d9c08a;--good:#16703c;--good-ground:#e3f4e8;--miss:#9a3412;--miss-ground:#fdebdd}
@media (prefers-color-scheme:dark){:root{--ground:#12151c;--card:#1a1f2a;--ink:#e9ecf2;--soft:#a7b0c0;--rule:#323948;--model:#86a8ff;--xz:#d6a848;--zstd:#7d6a3c;--good:#8fdcab;--good-ground:#163524;--miss:#ffb38a;--miss-ground:#402417}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2.2rem 1.2rem 4rem}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.3rem;margin:0 0 .6rem}
h1 .en,h2 .en,th .en,dt .en,figcaption .en,li .en,summary .en{font-weight:400;color:var(--soft);font-size:.85em}
p{margin:.35rem 0}p.en{color:var(--soft);font-size:.92em;margin-top:0}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:1.3rem 1.4rem;margin-top:1.3rem}
.badge{display:inline-block;border-radius:99px;padding:.15rem .75rem;font-weight:600;font-size:.86rem;background:var(--miss-ground);color:var(--miss)}
.scroll{overflow-x:auto}.scroll table{min-width:34rem}.plot{overflow-x:auto;margin:.6rem 0}.plot svg{width:100%;min-width:34rem;height:auto;display:block}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.88rem;padding:.3rem 0}
th,td{text-align:left;padding:.42rem .7rem .42rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
thead th{font-size:.85rem;color:var(--soft);font-weight:600}tbody th{font-weight:500}
.number{text-align:right;white-space:nowrap}tr:last-child>*{border-bottom:0}
.yes,.no{display:inline-block;white-space:nowrap;border-radius:99px;padding:0 .6rem;font-size:.86rem;font-weight:600}
.yes{background:var(--good-ground);color:var(--good)}.no{background:var(--miss-ground);color:var(--miss)}
.samples{list-style:none;padding:0;margin:.6rem 0 0;display:grid;gap:.8rem}
.samples li{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .9rem;white-space:pre-wrap;overflow-wrap:anywhere}
.samples b{color:var(--model)}.meta{color:var(--soft);font-size:.85rem;white-space:normal}
details{margin-top:.6rem}summary{cursor:pointer;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:.8rem 0 0;font-size:.93rem}dd{margin:0;overflow-wrap:anywhere}
code{font-size:.88em}.legend{display:flex;gap:1.2rem;flex-wrap:wrap;font-size:.9rem;list-style:none;padding:0;margin:.4rem 0}
.legend i{display:inline-block;width:.85em;height:.85em;border-radius:3px;margin-right:.4em;vertical-align:-.08em}
i.model,rect.model{background:var(--model);fill:var(--model)}i.xz,rect.xz{background:var(--xz);fill:var(--xz)}i.zstd,rect.zstd{background:var(--zstd);fill:var(--zstd)}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .tick,svg .value{fill:var(--soft);font-size:12px}
.grid{stroke:var(--rule);fill:none}.chance{stroke:var(--soft);stroke-dasharray:4 4;fill:none}.whisker{stroke:var(--ink);stroke-width:2;fill:none}
.interval{stroke:var(--model);stroke-width:3;stroke-linecap:round;opacity:.45;fill:none}.dot{fill:var(--model)}.line{stroke:var(--model);stroke-width:2;fill:none;stroke-linejoin:round}
:focus-visible{outline:3px solid var(--model);outline-offset:2px}
@media (max-width:36rem){main{padding:1.2rem .7rem 3rem}section{padding:1rem}h1{font-size:1.6rem}dl{grid-template-columns:1fr}dt{font-weight:600}}
`);
