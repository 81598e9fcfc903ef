import { Html } from '@lucie/ledger';

/** The page's style sheet; text keeps a contrast of at least 4.5 on its ground, in light and dark. */
export const style: Html = new Html(`
:root{color-scheme:light dark;--ground:#fbfaf7;--card:#fff;--ink:#1d2433;--soft:#565f70;--rule:#e0ddd5;--kept:#2453c4;--held:#6a8fe0;--gone:#c2703d;--good:#16703c;--good-ground:#e3f4e8;--miss:#9a3412;--miss-ground:#fdebdd}
@media (prefers-color-scheme:dark){:root{--ground:#12151c;--card:#1a1f2a;--ink:#e9ecf2;--soft:#a7b0c0;--rule:#323948;--kept:#86a8ff;--held:#4c6cb8;--gone:#e0955f;--good:#8fdcab;--good-ground:#163524;--miss:#ffb38a;--miss-ground:#402417}}
:root:not(:has(#in-english:checked)) .en,:root:has(#in-english:checked) .fr{display:none}
*{box-sizing:border-box}
html{scroll-behavior:smooth}@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:64rem;margin:0 auto;padding:1.6rem 1.2rem 4rem}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0 .4rem}h2{font-size:1.3rem;margin:0 0 .5rem}h3{font-size:1.02rem;margin:1.3rem 0 .3rem}
p{margin:.4rem 0;max-width:48rem}a{color:var(--kept)}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:1.3rem 1.4rem;margin-top:1.3rem;scroll-margin-top:.6rem}
.switch{border:0;padding:0;margin:0;display:flex;gap:.4rem;justify-content:flex-end}
.switch legend,.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.switch label{border:1px solid var(--rule);border-radius:99px;padding:.15rem .8rem;font-size:.88rem;cursor:pointer;background:var(--card)}
.switch input{position:absolute;opacity:0;width:0;height:0}
.switch label:has(:checked){border-color:var(--kept);color:var(--kept);font-weight:600}
.switch label:has(:focus-visible){outline:3px solid var(--kept);outline-offset:2px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.8rem;margin:1.1rem 0 0;padding:0}
.tiles>div{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:.7rem .9rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.tiles dt{color:var(--soft);font-size:.86rem;line-height:1.35}.tiles dd{margin:0;font-size:1.45rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;padding:0;margin:1rem 0 0;font-size:.93rem}
.scroll{overflow-x:auto}.wide table{min-width:38rem}.plot{margin:.6rem 0}.plot svg{display:block}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--rule);vertical-align:top}th:last-child,td:last-child{padding-right:0}
thead th{font-size:.84rem;color:var(--soft);font-weight:600;vertical-align:bottom}tbody th{font-weight:500}
tbody tr.sum>*{font-weight:650}tr:last-child>*{border-bottom:0}
.number{text-align:right;white-space:nowrap}.nowrap{white-space:nowrap}
.what{color:var(--soft);font-size:.87rem;font-weight:400;line-height:1.4;display:block;max-width:34rem}
svg.bar{display:block;width:100%;min-width:6rem;height:.6rem;margin-top:.3rem;border-radius:2px}svg.two{height:.8rem}
tbody th{min-width:9rem}table:has(.bar) thead th:first-child{width:42%}.wide table:has(.bar) thead th:first-child{width:34%}table.few:has(.bar) thead th:first-child{width:62%}thead .number{white-space:normal}.narrow{width:auto;min-width:min(24rem,100%)}
.kept{fill:var(--kept);background:var(--kept)}.held{fill:var(--held);background:var(--held)}.gone{fill:var(--gone);background:var(--gone)}.track{fill:var(--rule);opacity:.45}
.legend{display:flex;gap:.3rem 1.2rem;flex-wrap:wrap;font-size:.9rem;list-style:none;padding:0;margin:.5rem 0}
.legend i{display:inline-block;width:.85em;height:.85em;border-radius:3px;margin-right:.4em;vertical-align:-.08em}
.yes,.no{display:inline-block;white-space:nowrap;border-radius:99px;padding:0 .6rem;font-size:.84rem;font-weight:600}
.long{white-space:normal;border-radius:8px}
.yes{background:var(--good-ground);color:var(--good)}.no{background:var(--miss-ground);color:var(--miss)}
.note{border-left:4px solid var(--gone);padding:.2rem 0 .2rem .9rem;margin:.7rem 0}
details{margin-top:.5rem}summary{cursor:pointer;font-weight:600;padding:.15rem 0}summary .what{display:inline}
.rule{border-top:1px solid var(--rule);padding-top:.4rem}
.samples{scroll-margin-top:6rem;list-style:none;padding:0;margin:.6rem 0 .8rem;display:grid;gap:.8rem}
.samples li{border-left:3px solid var(--gone);padding:.1rem 0 .1rem .9rem;overflow-wrap:anywhere}
.samples b{display:block}.samples blockquote{margin:.15rem 0;white-space:pre-wrap;font-size:.92rem}
.code{font-family:ui-monospace,monospace;font-size:.82rem!important}
.meta{color:var(--soft);font-size:.85rem}
code{font-size:.88em;overflow-wrap:anywhere}
svg text{font:13px system-ui,sans-serif;fill:var(--soft)}.axis{stroke:var(--rule);fill:none}
dl.words{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:.6rem 0 0;font-size:.94rem}dl.words dt{font-weight:600}dl.words dd{margin:0}
:focus-visible{outline:3px solid var(--kept);outline-offset:2px}
@media (max-width:36rem){.roomy{display:none}main{padding:1rem .7rem 3rem}section{padding:1rem .9rem}h1{font-size:1.6rem}dl.words{grid-template-columns:1fr}dl.words dd{margin-bottom:.4rem}.tiles{grid-template-columns:repeat(2,1fr);gap:.5rem}.tiles dd{font-size:1.2rem}table{font-size:.86rem}th,td{padding-right:.55rem}tbody th{min-width:7.5rem}.what{font-size:.82rem}}
@media print{.switch,nav{display:none}section{break-inside:avoid-page;border:0}}
`);
