// The pictures of --data, which `lovasz paint` serves beside the page.
import { realpath } from "node:fs/promises";
import { sep } from "node:path";
import { counted } from "../../counted.js";
import type { DataFile } from "../data/files.js";
import { findPictures } from "../predict/findPictures.js";

/** A picture that is served. */
export interface SharedFile extends DataFile {
  /** Whether its real path still lies in the folder: files may be replaced by links while the page is served. */
  isInside(): Promise<boolean>;
}

/** What is served of a folder. */
export interface Shared {
  /** By their address, relative to the page and not encoded. */
  readonly pictures: ReadonlyMap<string, SharedFile>;
  /** What a person should know, a sentence each. */
  readonly doubts: readonly string[];
}

export const NOTHING_SHARED: Shared = { pictures: new Map(), doubts: [] };

/** The pictures that `lovasz predict --data` would read, without links that lead out of `data`. Throws `LovaszError` "data". */
export async function findShared(data: string): Promise<Shared> {
  const { files, doubts } = await findPictures(data);
  const root = await realpath(data);
  const start = root.endsWith(sep) ? root : root + sep;
  const pictures = new Map<string, SharedFile>();
  let outside = 0;
  for (const [stem, file] of files) {
    const isInside = () =>
      realpath(file.path).then(
        (real) => real.startsWith(start),
        // a broken link
        () => false,
      );
    if (await isInside()) pictures.set(`data/${stem}.${extensionOf(file)}`, { ...file, isInside });
    else outside++;
  }
  if (outside === 0) return { pictures, doubts };
  const links = `${counted(outside, "link")} out of it ${outside === 1 ? "is" : "are"}`;
  const why = `${links} not served; copy the pictures, or pass their own folder`;
  return { pictures, doubts: [...doubts, `in ${data} ${why}`] };
}

/** Browsers cannot show TIFF files, which are served as PNG. */
function extensionOf({ shown }: DataFile): string {
  const extension = /[^.]*$/.exec(shown)?.[0].toLowerCase() ?? "";
  return extension.startsWith("tif") ? "png" : extension;
}
