// The pictures that `lovasz predict` is to look at.
import { realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { type DataFile, listFiles, unreadInWords } from "../data/files.js";
import { isOwn } from "./ownPng.js";

/** Pictures without masks. */
export interface Found {
  /** By their path in the folder without extension, in the order of these stems. */
  readonly files: ReadonlyMap<string, DataFile>;
  /** What a person should know, a sentence each. */
  readonly doubts: readonly string[];
}

/**
 * The pictures of `data`, or of its folder images/ if it has one, without what `lovasz predict` wrote and what lies below the folder `out`,
 * if there is one.
 * Throws `LovaszError` "data" where there are none.
 */
export async function findPictures(data: string, out: string | null = null): Promise<Found> {
  const images = join(data, "images");
  const folder = (await isFolder(images)) ? images : data;
  const need = "pass a folder of pictures, or one that holds images/";
  // a new folder holds nothing that could be taken for a picture
  const aside = out === null ? null : await realpath(out).catch(() => null);
  let own = 0;
  const isAside = ({ path }: DataFile) => {
    const is = isOwn(path);
    if (is) own++;
    return is;
  };
  const listing = await listFiles(folder, need, { folder: aside, isAside });
  const unread = unreadInWords(listing);
  const results = own === 0 ? "" : `${counted(own, "file")} that lovasz predict wrote ${own === 1 ? "is" : "are"} not read`;
  const reasons = [unread, results].filter((reason) => reason !== "");
  if (listing.files.size === 0) {
    throw new LovaszError("data", `${folder} holds no PNG, JPEG or TIFF file; ${reasons.join("; ") || need}`);
  }
  return { files: listing.files, doubts: reasons.map((reason) => `in ${folder} ${reason}`) };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
