/** The style sheet of the pages; in the report, uPlot's own comes before it. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #fff; --ink: #1c1e21; --soft: #666b73; --line: #e4e5e8; --accent: #0b6bcb; }
@media (prefers-color-scheme: dark) { :root { --paper: #131517; --card: #1b1e21; --ink: #e8eaed; --soft: #9aa0a8; --line: #2d3136; --accent: #6cb6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: clamp(20px, 4vw, 40px) clamp(14px, 3vw, 24px) 64px; max-width: 1120px; background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
h1 { margin: 0; font-size: 26px; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 44px 0 12px; font-size: 18px; }
p { margin: 6px 0; max-width: 75ch; }
.soft, figcaption, th { color: var(--soft); }
.soft { overflow-wrap: anywhere; }
.verdict { margin: 22px 0; padding: 14px 18px; max-width: none; border-left: 4px solid var(--accent); border-radius: 4px; background: var(--card); font-size: 17px; }
.scroll { overflow-x: auto; }
table { width: 100%; border: 1px solid var(--line); border-collapse: separate; border-spacing: 0; background: var(--card); border-radius: 8px; font-variant-numeric: tabular-nums; }
th, td { padding: 9px clamp(8px, 1.5vw, 16px); border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { font-size: 13px; font-weight: 500; }
th:first-child, td:first-child { min-width: 9em; text-align: left; white-space: normal; overflow-wrap: anywhere; }
tbody tr:last-child td { border-bottom: 0; }
.ranked tbody tr:first-child td { font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 20px; }
.card { padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); min-width: 0; }
.card h3 { margin: 0 0 8px; font-size: 15px; font-weight: 600; }
.u-legend { font-size: 13px; text-align: left; background: none; width: auto; border: 0; }
.u-legend th, .u-legend td { padding: 2px 4px; border: 0; text-align: left; font-weight: 400; color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 12px 0 20px; padding: 0; list-style: none; font-size: 14px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.chip { width: 16px; height: 16px; border-radius: 3px; border: 1px solid var(--line); }
.row { display: grid; gap: 12px; margin: 0 0 26px; grid-template-columns: repeat(auto-fit, minmax(min(160px, calc(50% - 6px)), 1fr)); }
.samples { display: grid; gap: 0 28px; grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); align-items: start; }
.row h3 { grid-column: 1 / -1; margin: 0; font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
figure { margin: 0; min-width: 0; }
figure img { display: block; width: 100%; height: auto; max-height: 420px; object-fit: contain; border-radius: 4px; image-rendering: pixelated; background: #000; }
figcaption { margin-top: 5px; font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
figcaption b { color: var(--ink); font-variant-numeric: tabular-nums; }
`;
