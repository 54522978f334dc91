// report.html: one self-contained page on what each loss learned.
import { script, style } from "lovasz-uplot";
import { counted } from "../../counted.js";
import { verdict, warning } from "../run/outcome.js";
import type { Run } from "../run/run.js";
import { classTable, differenceTable, scoreTable } from "../run/table.js";
import { version } from "../version.js";
import { LINES, SCRIPT } from "./charts.js";
import { confusionTable, MOST_SHOWN } from "./confusion.js";
import { curves, isBanded } from "./curves.js";
import { DIALOG, ENLARGE } from "./enlarge.js";
import { escapeHtml, scriptJson } from "./escape.js";
import { exampleRows } from "./examples.js";
import { headOf, keyOfPredictions, tableOf, unbroken } from "./html.js";
import { recipeInWords } from "./recipeInWords.js";
import { STYLE } from "./style.js";

/** The whole page. */
export function report(run: Run): string {
  const { recipe, data, outcomes } = run;
  const warned = warning(outcomes, run.failures);
  const { classes } = recipe.task;
  const names = outcomes.map(({ loss }) => loss);
  const title = `What ${names.length > 3 ? `${names.length} losses` : names.join(" and ")} learned`;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const numbers = { names, colours: LINES, charts: curves(outcomes), banded: isBanded(outcomes) };
  return `${headOf(title, policy, `${style}${STYLE}`)}
<body>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(data.source)}: ${counted(data.training.length, "picture")} for training, ${data.validation.length} for validation.
${escapeHtml(recipeInWords(recipe, seedsOf(run), run.from))}</p>
<p class="verdict">${unbroken(verdict(outcomes))}</p>
${data.doubts.map((doubt) => `<p class="soft">${escapeHtml(doubt)}.</p>`).join("")}
${warned && `<p><b>${escapeHtml(warned)}</b></p>`}
${run.interrupted ? "<p><b>The run was interrupted: these are the best models so far.</b></p>" : ""}
${scores(run)}
<h2>How they got there</h2>
${charts(run)}
${classes === null ? "" : confusions(run)}
<h2>What they see</h2>
${keyOfPredictions(classes)}
${exampleRows(run)}
<p class="soft">lovasz ${escapeHtml(version)}</p>
${DIALOG}
<script type="application/json" id="run">${scriptJson(numbers)}</script>
<script>${script}</script>
<script>${SCRIPT}</script>
<script>${ENLARGE}</script>
</body>
</html>
`;
}

function seedsOf({ outcomes }: Run): number[] {
  return [...new Set(outcomes.flatMap(({ trainings }) => trainings.map(({ seed }) => seed)))];
}

function scores({ recipe, outcomes }: Run): string {
  const over = isBanded(outcomes) ? " Numbers are means over the seeds, ± their standard deviation." : "";
  const classes = recipe.task.classes === null ? "" : ", the mean over the classes";
  const differences = differenceTable(outcomes);
  const compared = `<h3>Differences, seed by seed</h3>
${tableOf(differences)}
<p class="soft">In percentage points, the mean over the seeds.</p>`;
  return `${tableOf(scoreTable(outcomes), { ranked: true })}
<p class="soft">On the validation pictures, each training at its best epoch there, which favours all losses alike. IoU and Dice are over all pixels together${classes}.${over}</p>
${differences.rows.length > 0 ? compared : ""}`;
}

function charts({ outcomes }: Run): string {
  const bands = isBanded(outcomes) ? '<p class="soft">Line: the mean over the seeds. Band: from the lowest seed to the highest.</p>' : "";
  return `${bands}<div class="charts">
<div class="card"><h3>Validation IoU</h3><div id="iou"></div></div>
<div class="card"><h3>Training loss</h3><div id="loss"></div><p class="soft">Different losses have different scales: compare the shapes, not the heights.</p></div>
</div>`;
}

function confusions({ recipe, data, outcomes }: Run): string {
  const seeds = isBanded(outcomes) ? ", all seeds together" : "";
  const many = (recipe.task.classes ?? 0) > MOST_SHOWN ? ` Shown are the ${MOST_SHOWN} classes with the most wrong pixels.` : "";
  return `<h2>Where classes are confused</h2>
${tableOf(classTable(outcomes, data.classNames))}
<p class="soft">Below, each row tells in percent as what the pixels of a class were predicted${seeds}: blue is correct, red is wrong.${many}</p>
<div class="matrices">${outcomes.map(confusionTable).join("\n")}</div>`;
}
