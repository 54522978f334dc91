// The words and numbers of `lovasz inspect`, in the terminal and on its page.
import { counted } from "../../counted.js";
import { classInWords, type DataFolder, totals } from "../data/folder.js";
import { foregroundOf, type Picture } from "../data/picture.js";
import { percent } from "../run/outcome.js";

/** Headings of the table of pictures. */
export const PICTURE_HEADINGS = ["picture", "size", "foreground", "ignored"];

/** Headings of the table of classes. */
export const CLASS_HEADINGS = ["class", "pixels", "share", "pictures with it"];

/** For example "4 pictures of 64 x 64 pixels"; from the smallest to the largest, where sizes differ. */
export function sizesInWords(pictures: readonly Picture[]): string {
  const ordered = [...pictures].sort((a, b) => a.width * a.height - b.width * b.height);
  const [least, most] = [ordered[0], ordered[ordered.length - 1]].map(({ width, height }) => `${width} x ${height}`);
  const count = counted(pictures.length, "picture");
  const alike = ordered.every(({ width, height }) => `${width} x ${height}` === least);
  return alike ? `${count} of ${least} pixels` : `${count} from ${least} to ${most} pixels`;
}

/** A row below `PICTURE_HEADINGS`. */
export function pictureRow(picture: Picture): string[] {
  const { name, width, height, ignored } = picture;
  const share = (count: number) => percent(count / (width * height));
  return [name, `${width} x ${height}`, share(foregroundOf(picture)), share(ignored)];
}

/** The rows below `CLASS_HEADINGS`: one for each class, and one for ignored pixels where there are any. */
export function classRows({ pictures, classNames }: DataFolder, classes: number | null): string[][] {
  const ignored = pictures.reduce((sum, picture) => sum + picture.ignored, 0);
  const counts = totals(pictures);
  const all = ignored + counts.reduce((sum, count) => sum + count, 0);
  const names = classes === null ? ["background", "foreground"] : counts.map((_, label) => classInWords(label, classNames));
  const rows = counts.map((count, label) => {
    const having = pictures.filter((picture) => picture.counts[label] > 0).length;
    return [names[label], String(count), percent(count / all), `${having} of ${pictures.length}`];
  });
  if (ignored === 0) return rows;
  const having = pictures.filter((picture) => picture.ignored > 0).length;
  return [...rows, ["ignored", String(ignored), percent(ignored / all), `${having} of ${pictures.length}`]];
}
