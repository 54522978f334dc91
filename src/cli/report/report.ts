// report.html: one self-contained page on what each loss learned.
import { script, style } from "lovasz-uplot";
import { counted } from "../../counted.js";
import { inWords } from "../model/architecture.js";
import type { Recipe } from "../model/train.js";
import { winner } from "../run/comparison.js";
import { percent, verdict, warning } from "../run/outcome.js";
import type { Run } from "../run/run.js";
import { bestTraining } from "../run/statistics.js";
import { scoreTable } from "../run/table.js";
import { version } from "../version.js";
import { type Chart, LINES, SCRIPT } from "./charts.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { figure, headOf, keyOfPredictions, tableOf } from "./html.js";
import { imagePanel, predictionPanel, truthPanel } from "./panels.js";
import { STYLE } from "./style.js";

// TODO
function recipeInWords(recipe: Recipe): string {
  return `The same ${inWords(recipe.architecture)} from the same weights for each loss: seed ${recipe.seed}, ${counted(recipe.epochs, "epoch")}, batch ${recipe.batch}, ${recipe.optimizer} at ${recipe.lr}`;
}

/** The whole page. */
export function report(run: Run): string {
  const { recipe, data, outcomes } = run;
  const { headings, rows } = scoreTable(outcomes);
  const names = outcomes.map(({ loss }) => loss);
  const title = `What ${names.length > 3 ? `${names.length} losses` : names.join(" and ")} learned`;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return `${headOf(title, policy, `${style}${STYLE}`)}
<body>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(data.source)}: ${counted(data.training.length, "picture")} for training, ${data.validation.length} for validation.
${recipeInWords(recipe)}.</p>
<p class="verdict">${escapeHtml(verdict(outcomes))}</p>
${data.doubts.map((doubt) => `<p class="soft">${escapeHtml(doubt)}.</p>`).join("")}
${warning(outcomes) && `<p><b>${escapeHtml(warning(outcomes))}</b></p>`}
${run.interrupted ? "<p><b>The run was interrupted: these are the best models so far.</b></p>" : ""}
${tableOf(headings, rows, { ranked: true })}
<p class="soft">On the validation pictures, each loss at its best epoch there, which favours all of them alike. IoU and Dice are over all pixels together${recipe.task.classes === null ? "" : ", the mean over the classes"}.</p>
<h2>How they got there</h2>
<div class="charts">
<div class="card"><h3>Validation IoU</h3><div id="iou"></div></div>
<div class="card"><h3>Training loss</h3><div id="loss"></div><p class="soft">Different losses have different scales: compare the shapes, not the heights.</p></div>
</div>
<h2>What they see</h2>
<p class="soft">Validation pictures from the best to the worst, by the IoU of ${escapeHtml(winner(outcomes).loss)}.</p>
${keyOfPredictions(recipe.task.classes)}
${examples(run).join("\n")}
<p class="soft">lovasz ${escapeHtml(version)}</p>
<script type="application/json" id="run">${scriptJson({ names, colours: LINES, charts: charts(run) })}</script>
<script>${script}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function charts({ outcomes }: Run): Chart[] {
  const trainings = outcomes.map(bestTraining);
  const length = Math.max(...trainings.map(({ epochs }) => epochs.length));
  const epochs = Array.from({ length }, (_, i) => i + 1);
  const lines = (key: "iou" | "loss") => [epochs, ...trainings.map((one) => epochs.map((_, i) => one.epochs[i]?.[key] ?? null))];
  return [
    { id: "iou", label: "validation IoU", data: lines("iou"), fraction: true },
    { id: "loss", label: "training loss", data: lines("loss"), fraction: false },
  ];
}

function examples({ examples: shown, outcomes }: Run): string[] {
  return shown.map(({ sample, predictions, ious }) => {
    const figures = [
      figure(imagePanel(sample), "picture"),
      figure(truthPanel(sample), "truth"),
      ...outcomes.map(({ loss }, i) => figure(predictionPanel(sample, predictions[i]), loss, `IoU ${percent(ious[i])}`)),
    ];
    return `<div class="row"><h3>${escapeHtml(sample.name)}</h3>${figures.join("")}</div>`;
  });
}
