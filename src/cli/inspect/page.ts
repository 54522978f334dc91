// The page of `lovasz inspect --html`: one file that loads nothing.
import type { DataFolder } from "../data/folder.js";
import { foregroundOf, type Picture } from "../data/picture.js";
import { escapeHtml } from "../report/escape.js";
import { figure, headOf, keyOfLabels, rowOf, tableOf } from "../report/html.js";
import { imagePanel, truthPanel } from "../report/panels.js";

import { STYLE } from "../report/style.js";
import { version } from "../version.js";
import { CLASS_HEADINGS, classRows, PICTURE_HEADINGS, pictureRow, sizesInWords } from "./facts.js";
import { spread } from "./spread.js";

/** The whole page. */
export async function inspectPage(data: string, folder: DataFolder, classes: number | null): Promise<string> {
  const { pictures, doubts, values, truth } = folder;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const samples: string[] = [];
  for (const i of spread(pictures.map(shareOfForeground))) samples.push(await sampleRow(pictures[i]));
  return `${headOf(`What is in ${data}`, policy, STYLE)}
<body>
<h1>What is in ${escapeHtml(data)}</h1>
<p class="soft">${escapeHtml(`${sizesInWords(pictures)}; the ${truth} hold ${values}.`)}</p>
${doubts.length > 0 ? `<div class="verdict"><b>Please check</b><ul>${doubts.map((doubt) => `<li>${escapeHtml(doubt)}</li>`).join("")}</ul></div>` : '<p class="verdict">All files can be read, and their meaning is known.</p>'}
<h2>Class balance</h2>
${tableOf({ headings: CLASS_HEADINGS, rows: classRows(folder, classes) })}
<h2>Pictures with their masks</h2>
<p class="soft">From much foreground to little.</p>
${keyOfLabels(classes)}
<div class="samples">${samples.join("\n")}</div>
<h2>All pictures</h2>
${tableOf({ headings: PICTURE_HEADINGS, rows: pictures.map(pictureRow) })}
<p class="soft">lovasz ${escapeHtml(version)}</p>
</body>
</html>
`;
}

function shareOfForeground(picture: Picture): number {
  return foregroundOf(picture) / (picture.width * picture.height);
}

async function sampleRow(picture: Picture): Promise<string> {
  const sample = await picture.read();
  const [, size, foreground] = pictureRow(picture);
  const figures = [figure(imagePanel(sample), size), figure(truthPanel(sample), "mask", `foreground ${foreground}`)];
  return rowOf(picture.name, figures);
}
