// Masks whose names have a suffix: car_mask.png for car.jpg.
import { LovaszError } from "../../index.js";
import type { DataFile, Listing } from "./files.js";

/**
 * The files of `listing` by the stems of their pictures: without `suffix`. Throws `LovaszError` "data" that names a file without the
 * suffix, or one whose stem is nothing else.
 */
export function withoutSuffix(listing: Listing, suffix: string): Listing {
  const files = new Map<string, DataFile>();
  const lacking: DataFile[] = [];
  for (const [stem, file] of listing.files) {
    const base = stripped(stem, suffix);
    if (base === null) lacking.push(file);
    else if (isNothing(base)) throw new LovaszError("data", `${file.shown} is named by the suffix ${suffix} alone; rename or remove it`);
    else files.set(base, file);
  }
  if (lacking.length === 0) return { ...listing, files };
  const [{ shown }] = lacking;
  const more = lacking.length > 1 ? ` (and ${lacking.length - 1} more)` : "";
  const all = files.size === 0 ? "leave out --mask-suffix" : "remove it, or rename it";
  throw new LovaszError("data", `${shown}${more} lacks the suffix ${suffix} of --mask-suffix at the end of its stem; ${all}`);
}

/** The suffix that all `labels` have behind the stem of one of the pictures `images`; null where there is none. */
export function suffixOf(images: Listing, labels: Listing): string | null {
  const [first] = labels.files.keys();
  for (const stem of images.files.keys()) {
    if (stem === first || !first.startsWith(stem)) continue;
    const suffix = first.slice(stem.length);
    const isOf = (label: string) => images.files.has(stripped(label, suffix) ?? "");
    // without a letter or sign it is a number
    if (/\D/.test(suffix) && !suffix.includes("/") && [...labels.files.keys()].every(isOf)) return suffix;
  }
  return null;
}

// also of stems in subfolders
const isNothing = (base: string) => base === "" || base.endsWith("/");

function stripped(stem: string, suffix: string): string | null {
  return stem.endsWith(suffix) ? stem.slice(0, stem.length - suffix.length) : null;
}
