// What `lovasz inspect` prints for people.
import type { DataFolder } from "../data/folder.js";
import { plain } from "../plain.js";
import { CLASS_HEADINGS, classRows, PICTURE_HEADINGS, pictureRow, sizesInWords } from "./facts.js";

// nobody reads more rows in a terminal
const MOST_ROWS = 40;

// between rows, which are many
const NO_LINES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Tables of pictures and classes, as lines of text. */
export async function overview(data: string, folder: DataFolder, classes: number | null): Promise<string> {
  const { default: Table } = await import("cli-table3");
  const table = (head: string[], rows: readonly string[][]) => {
    const colAligns = head.map((_, i): "left" | "right" => (i === 0 ? "left" : "right"));
    // no colours: the output may go to a file
    const lines = new Table({ head, colAligns, style: { head: [], border: [] }, chars: NO_LINES });
    lines.push(...rows.map((row) => row.map(plain)));
    return lines.toString();
  };
  const { pictures, values, truth } = folder;
  const left = pictures.length - MOST_ROWS;
  return [
    plain(`${data}: ${sizesInWords(pictures)}; the ${truth} hold ${values}`),
    table(PICTURE_HEADINGS, pictures.slice(0, MOST_ROWS).map(pictureRow)),
    ...(left > 0 ? [`and ${left} more, which --json lists`] : []),
    table(CLASS_HEADINGS, classRows(folder, classes)),
  ].join("\n");
}
