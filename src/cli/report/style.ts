const LIGHT = "color-scheme: light; --paper: #fbfbfa; --card: #fff; --ink: #1c1e21; --soft: #5d626a; --line: #dcdee2; --accent: #0b6bcb;";
const DARK = "color-scheme: dark; --paper: #131517; --card: #1b1e21; --ink: #e8eaed; --soft: #9aa0a8; --line: #34393f; --accent: #6cb6ff;";

/** The style sheet of the pages; in the report, uPlot's own comes before it. On paper they are light whatever the theme. */
export const STYLE = `
:root { ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root:not(.paper) { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: clamp(20px, 4vw, 40px) clamp(14px, 3vw, 24px) 64px; max-width: 1120px; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
h1 { margin: 0 0 8px; font-size: 26px; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 44px 0 12px; font-size: 18px; }
h3 { margin: 28px 0 8px; font-size: 15px; font-weight: 600; }
p { margin: 6px 0; max-width: 75ch; }
.soft, figcaption, th { color: var(--soft); }
.soft { overflow-wrap: anywhere; }
.verdict { margin: 22px 0; padding: 14px 18px; max-width: none; border-left: 4px solid var(--accent); border-radius: 4px; background: var(--card); font-size: 17px; overflow-wrap: anywhere; }
.scroll { max-height: min(640px, 80vh); overflow: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
th, td { padding: 9px clamp(8px, 1.5vw, 16px); border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { font-size: 13px; font-weight: 500; vertical-align: bottom; white-space: normal; }
thead th { position: sticky; top: 0; background: var(--card); }
th:first-child, td:first-child { min-width: 8em; text-align: left; white-space: normal; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
.ranked tbody tr:first-child td { font-weight: 600; }
.matrices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 20px; margin-top: 16px; align-items: start; }
.matrix caption { position: sticky; left: 0; padding: 12px 14px 6px; text-align: left; font-weight: 600; overflow-wrap: anywhere; }
.matrix th, .matrix td { padding: 7px 10px; }
.matrix.dense th, .matrix.dense td { padding: 5px 6px; font-size: 12px; }
.matrix th:first-child { position: sticky; left: 0; min-width: 4em; background: var(--card); white-space: nowrap; }
.matrices:has(.dense) { grid-template-columns: 100%; }
.matrix .chip { display: inline-block; margin-right: 6px; width: 12px; height: 12px; vertical-align: -1px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 20px; margin-top: 12px; }
.card { padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); min-width: 0; }
.card h3 { margin: 0 0 8px; }
.uplot { max-width: 100%; }
.u-legend { font-size: 13px; text-align: left; background: none; width: auto; border: 0; }
.u-legend th, .u-legend td { position: static; min-width: 0; padding: 2px 4px; border: 0; text-align: left; font-weight: 400; color: var(--ink); white-space: normal; }
.u-legend .edge { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 12px 0; padding: 0; list-style: none; font-size: 14px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.chip { flex: none; width: 16px; height: 16px; border-radius: 3px; border: 1px solid var(--line); }
.row { margin: 16px 0 26px; }
.panels { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(160px, calc(50% - 6px)), 1fr)); }
.samples { display: grid; gap: 0 28px; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); align-items: start; }
.row h3 { margin: 0 0 8px; font-size: 14px; overflow-wrap: anywhere; }
figure { margin: 0; min-width: 0; }
figure img { display: block; width: 100%; height: auto; max-height: 420px; object-fit: contain; border-radius: 4px; background: #000; }
.sharp, dialog img { image-rendering: pixelated; }
figcaption { margin-top: 5px; font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
figcaption b { color: var(--ink); font-variant-numeric: tabular-nums; }
.panel { display: block; width: 100%; padding: 0; border: 0; border-radius: 4px; background: none; cursor: zoom-in; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dialog { padding: 12px; max-width: none; max-height: none; width: min(100vw, 1200px); height: 100vh; height: 100dvh; border: 0; background: var(--card); color: var(--ink); cursor: zoom-out; touch-action: pan-y pinch-zoom; }
dialog[open] { display: flex; flex-direction: column; gap: 10px; }
dialog::backdrop { background: rgb(0 0 0 / 0.75); }
dialog header, dialog footer { display: flex; align-items: center; justify-content: space-between; gap: 12px; }
dialog h2 { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
dialog p { margin: 0; text-align: center; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
dialog .legend { justify-content: center; margin: 0; }
dialog img { flex: 1; min-height: 0; width: 100%; object-fit: contain; }
dialog button { flex: none; width: 44px; height: 44px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: inherit; font: inherit; font-size: 18px; cursor: pointer; }
@page { size: A4 portrait; margin: 14mm; }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; background: none; font-size: 10pt; }
  h2 { margin-top: 22px; }
  .verdict { margin: 14px 0; padding: 8px 14px; font-size: 12pt; }
  h2, h3, caption, .legend, h2 + p, p:has(+ .row, + .matrices) { break-after: avoid; }
  .verdict, .card, .row, figure, tr, .matrix { break-inside: avoid; }
  .charts, .matrices:not(:has(.dense)) { grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 12px; }
  .card { padding: 12px; }
  .scroll { max-height: none; overflow: visible; }
  th, td { padding: 5px 7px; font-size: 9pt; white-space: normal; }
  .matrix.dense th, .matrix.dense td { min-width: 0; padding: 1mm 0.5mm; font-size: 6pt; }
  .matrix.dense .chip { display: block; margin: 0 0 2px auto; width: 8px; height: 8px; }
  .matrix.dense th:first-child .chip { display: inline-block; margin: 0 3px 0 0; }
  thead th, .matrix th:first-child { position: static; background: none; }
  .panels { grid-template-columns: repeat(auto-fit, minmax(38mm, 1fr)); }
  figure img { max-height: 90mm; }
}
`;
