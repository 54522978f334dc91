// Results on disk: a file for each unit, in a folder for each recipe, so that what other code has learnt is never mixed in.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The results of the recipe in `folder`/`recipe`. */
export class Results {
  #folder;
  #parent;
  #recipe;

  constructor(folder, recipe) {
    [this.#parent, this.#recipe, this.#folder] = [folder, recipe, join(folder, recipe)];
  }

  /** What is known of a unit; null if it has not been run. */
  read({ set, seed, fold }) {
    const file = this.#file(set, seed, fold);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  }

  /** Keeps what a unit found, at once or not at all. */
  write({ set, seed, fold, ...found }) {
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#file(set, seed, fold);
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, `${JSON.stringify({ set, seed, fold, ...found })}\n`);
    renameSync(partial, file);
  }

  /** In words: where they are, and how many there are of other recipes. */
  about() {
    const folders = existsSync(this.#parent) ? readdirSync(this.#parent, { withFileTypes: true }).filter((one) => one.isDirectory()) : [];
    const others = folders.filter(({ name }) => name !== this.#recipe);
    const units = others.flatMap(({ name }) => readdirSync(join(this.#parent, name)).filter((file) => file.endsWith(".json")));
    const aside = units.length > 0 ? `; ${units.length} of other recipes beside it are left out` : "";
    return `units in ${this.#folder}, by the recipe of this build${aside}`;
  }

  #file(set, seed, fold) {
    return join(this.#folder, `${set}-${seed}-${fold}.json`);
  }
}
