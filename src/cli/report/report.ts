// report.html: one file that a person opens to see what each loss learned. It loads nothing.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { mean } from "../model/score.js";
import { percent, verdict, warning, winner } from "../run/outcome.js";
import type { Run } from "../run/run.js";
import { HEADINGS, rows } from "../run/table.js";
import { version } from "../version.js";
import { type Chart, LINES, SCRIPT } from "./charts.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { COLOURS, FOUND, imagePanel, predictionPanel, truthPanel } from "./panels.js";
import { pick } from "./pick.js";
import { STYLE } from "./style.js";

/** The whole page. */
export async function report(run: Run): Promise<string> {
  const { recipe, data, trainings } = run;
  const names = trainings.map(({ loss }) => loss);
  const title = `What ${names.length > 3 ? `${names.length} losses` : names.join(" and ")} learned`;
  const [script, css] = await Promise.all([asset("uPlot.iife.min.js"), asset("uPlot.min.css")]);
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${css}${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(data.source)}: ${data.training.length} pictures for training, ${data.validation.length} for validation.
The same U-Net (width ${recipe.width}) from the same start for each loss: seed ${recipe.seed}, ${recipe.epochs} epochs, batch ${recipe.batch}, Adam at ${recipe.lr}.</p>
<p class="verdict">${escapeHtml(verdict(trainings))}</p>
${warning(trainings) && `<p><b>${escapeHtml(warning(trainings))}</b></p>`}
${run.interrupted ? "<p><b>The run was interrupted: these are the best models so far.</b></p>" : ""}
${resultTable(run)}
<p class="soft">On the validation pictures, each loss at its best epoch there, which flatters all of them alike. IoU and Dice are of all pixels together${recipe.task.classes === null ? "" : ", the mean over the classes"}.</p>
<h2>How they got there</h2>
<div class="charts">
<div class="card"><h3>Validation IoU</h3><div id="iou"></div></div>
<div class="card"><h3>Training loss</h3><div id="loss"></div><p class="soft">Different losses have different scales: compare the shapes, not the heights.</p></div>
</div>
<h2>What they see</h2>
<p class="soft">Validation pictures from the best to the worst, by the IoU of ${escapeHtml(winner(trainings).loss)}.</p>
${legend(recipe.task.classes)}
${(await Promise.all(examples(run))).join("\n")}
<p class="soft">lovasz ${escapeHtml(version)}</p>
<script type="application/json" id="run">${scriptJson({ names, colours: LINES, charts: charts(run) })}</script>
<script>${script}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function asset(name: string): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), "utf8");
}

function resultTable({ trainings }: Run): string {
  const cells = (tag: string, texts: readonly string[]) => texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join("");
  const body = rows(trainings).map((row) => `<tr>${cells("td", row)}</tr>`);
  return `<div class="scroll"><table><thead><tr>${cells("th", HEADINGS)}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function charts({ trainings }: Run): Chart[] {
  const length = Math.max(...trainings.map(({ epochs }) => epochs.length));
  const epochs = Array.from({ length }, (_, i) => i + 1);
  const lines = (key: "iou" | "loss") => [epochs, ...trainings.map((one) => epochs.map((_, i) => one.epochs[i]?.[key] ?? null))];
  return [
    { id: "iou", label: "validation IoU", data: lines("iou"), fraction: true },
    { id: "loss", label: "training loss", data: lines("loss"), fraction: false },
  ];
}

const rgb = (colour: readonly number[]) => `rgb(${colour.join(" ")})`;
const HATCH = `repeating-linear-gradient(135deg, ${rgb(COLOURS.void)} 0 2px, #333 2px 4px)`;

// the classes that have the colour at `index`
function sharing(index: number, classes: number): string {
  const all: number[] = [];
  for (let one = index + 1; one < classes; one += FOUND.length) all.push(one);
  return `${all.length > 1 ? "classes" : "class"} ${all.slice(0, 4).join(", ")}${all.length > 4 ? ", ..." : ""}`;
}

function legend(classes: number | null): string {
  const found = FOUND.slice(0, (classes ?? 2) - 1).map((colour, i) => [
    classes === null ? "found" : `${sharing(i, classes)} found`,
    rgb(colour),
  ]);
  const entries = [
    ...found,
    ["missed", rgb(COLOURS.missed)],
    ["false alarm", rgb(COLOURS.falseAlarm)],
    ...(classes === null ? [] : [["taken for another class", rgb(COLOURS.confused)]]),
    ["void, counts in nothing", HATCH],
  ];
  const items = entries.map(([name, background]) => `<li><span class="chip" style="background: ${background}"></span>${name}</li>`);
  return `<ul class="legend">${items.join("")}</ul>`;
}

function examples({ recipe, data, trainings }: Run): Promise<string>[] {
  const { validation } = data;
  const iouOf = (predictions: readonly Uint8Array[], i: number) => mean(recipe.task.ious(predictions[i], validation[i].labels));
  const best = winner(trainings).predictions;
  return pick(best.map((_, i) => iouOf(best, i))).map(async (i) => {
    const sample = validation[i];
    const figures = [
      figure(await imagePanel(sample), "picture"),
      figure(await truthPanel(sample), "truth"),
      ...(await Promise.all(
        trainings.map(async ({ loss, predictions }) =>
          figure(await predictionPanel(sample, predictions[i]), loss, `IoU ${percent(iouOf(predictions, i))}`),
        ),
      )),
    ];
    return `<div class="row"><h3>${escapeHtml(sample.name)}</h3>${figures.join("")}</div>`;
  });
}

function figure(url: string, caption: string, value = ""): string {
  const strong = value && `<br><b>${escapeHtml(value)}</b>`;
  return `<figure><img src="${url}" alt="${escapeHtml(caption)}"><figcaption>${escapeHtml(caption)}${strong}</figcaption></figure>`;
}
