// The data sets of `bench -- learning`: which pictures train, which choose the epoch, and which are for the test alone.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { uniform } from "../random.mjs";

const NUCLEI = process.env.LOVASZ_NUCLEI ?? fileURLToPath(new URL("../../../shared/data/nuclei", import.meta.url));
/** The mask value of ignored pixels. */
const IGNORE = 255;
const FOLDS = 4;
// pictures stay in their folds, whatever the seed
const FOLD_SEED = 2018;

/**
 * By name: `about`, in words; `classes`, null for foreground and background; what `args` training needs besides; `missing`, why the set is left
 * out, or null; and `folds(seed, cache)`, a list of { train, val, test }, each a list of { name, image, truth }, paths of PNG files, which are
 * written to the folder `cache` where they do not exist yet.
 */
export const SETS = {
  water: tiles("water: satellite tiles of 64 x 64, 2 to 30 % of their pixels water", { least: 0.02, below: 0.3 }),
  "rare-water": tiles("rare water: satellite tiles of 64 x 64, 0.5 to 5 % of their pixels water", { least: 0.005, below: 0.05 }),
  nuclei: nuclei("nuclei, foreground and background: microscopy of 256 x 256", null),
  "nuclei-classes": nuclei("nuclei, three classes, of which the rim is one pixel wide", 3),
};

function tiles(about, shares) {
  return {
    about: `${about}; ${FOLDS} folds, a quarter of the others chooses the epoch`,
    classes: null,
    args: ["--epochs", "60", "--ignore", String(IGNORE)],
    missing: () => null,
    folds: async (seed, cache) => crossValidation(await written(shares, cache), seed),
  };
}

// the tiles of both halves of the earth, as PNG files
async function written(shares, cache) {
  const { readExample } = await import("../../build/example.js");
  const folder = join(cache, `water-${shares.least}-${shares.below}`);
  mkdirSync(folder, { recursive: true });
  const { training, validation } = await readExample({ ...shares, apart: 64 });
  return [...training, ...validation].map(({ name, width, height, rgb, labels }) => {
    const tile = name.replaceAll(/[ ,]/g, "-");
    const [image, truth] = [join(folder, `${tile}.png`), join(folder, `${tile}.mask.png`)];
    if (!existsSync(image)) {
      writeFileSync(truth, encode({ width, height, channels: 1, data: labels }));
      writeFileSync(image, encode({ width, height, channels: 3, data: rgb }));
    }
    return { name: tile, image, truth };
  });
}

function nuclei(about, classes) {
  return {
    about: `${about}; ${FOLDS} folds over 64 pictures, a quarter of the others chooses the epoch`,
    classes,
    args: classes === null ? [] : ["--classes", String(classes)],
    missing: () =>
      existsSync(join(NUCLEI, "train", "images")) ? null : `${resolve(NUCLEI)} does not exist; LOVASZ_NUCLEI=<folder> tells another`,
    folds: async (seed) => crossValidation(pictures(classes === null ? "masks" : "classes"), seed),
  };
}

function pictures(truth) {
  const all = ["train", "val"].flatMap((part) => {
    const path = (folder, file) => join(NUCLEI, part, folder, file);
    return readdirSync(path("images", "")).map((file) => ({
      name: file.replace(/\.png$/, ""),
      image: path("images", file),
      truth: path(truth, file),
    }));
  });
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Each picture is in the test part of one of the folds; of the others, a quarter that the seed draws chooses the epoch. */
export function crossValidation(pictures, seed) {
  const order = shuffled(pictures, FOLD_SEED);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const others = shuffled(
      order.filter((_, i) => i % FOLDS !== fold),
      seed,
    );
    const count = Math.round(others.length / 4);
    return { train: others.slice(count), val: others.slice(0, count), test: order.filter((_, i) => i % FOLDS === fold) };
  });
}

/** `list` in an order that `seed` draws. */
export function shuffled(list, seed) {
  const next = uniform(seed);
  const drawn = [...list];
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * next());
    [drawn[i], drawn[j]] = [drawn[j], drawn[i]];
  }
  return drawn;
}
