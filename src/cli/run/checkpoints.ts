// What a run keeps in checkpoint/ so that it can go on: how it was called, and where each training stands.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LovaszError, type nn } from "../../index.js";
import { encodeSafetensors } from "../../model/encodeSafetensors.js";
import { readSafetensors } from "../../model/readSafetensors.js";
import type { Best, Progress } from "../model/course.js";
import { modelName } from "../model/savedModel.js";
import { rename } from "../rename.js";
import { ASIDE } from "../tryOut.js";
import type { TrainOptions } from "./options.js";

/** How a run was called, and what it found: it goes on with these, or not at all. */
export interface Begun {
  /** The version of this package. */
  readonly version: string;
  /** The options of the call, with absolute paths. */
  readonly options: TrainOptions;
  /** The threads it was computed on, as other numbers of threads round in another way. */
  readonly threads: number;
  /** The fingerprint of the pictures; null before they were read. */
  readonly data: string | null;
  /** The results that it has written, or was about to write, by name. */
  readonly results: readonly string[];
}

const RUN = "run.json";

/** The name of the file for one training, as that of its model with several seeds. */
export function trainingName(loss: string, seed: number): string {
  return modelName(`${loss}.seed-${seed}`);
}

/** The files in checkpoint/. Each is written to another name first, so that a run which is killed leaves the old one. */
export class Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of the file `name` in the folder. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** How the run was called; null where there is no such file. Throws `LovaszError` "data" where it is damaged. */
  begun(): Begun | null {
    const file = this.path(RUN);
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (cause) {
      if (isNothing(cause)) return null;
      throw new LovaszError("data", `${file} is damaged; begin a new run`, { cause });
    }
  }

  /** Writes down how the run was called. */
  begin(begun: Begun): void {
    this.write(RUN, `${JSON.stringify(begun, null, 2)}\n`);
  }

  /** Where the training by `loss` with `seed` stands; null where it has not ended its first epoch. Throws `LovaszError` "data". */
  load(loss: string, seed: number): Progress | null {
    const file = this.path(trainingName(loss, seed));
    try {
      return decode(file, readFileSync(file));
    } catch (cause) {
      if (isNothing(cause)) return null;
      throw new LovaszError("data", `${file} is damaged; remove it to train by this loss and seed from the start`, { cause });
    }
  }

  /** Writes down where a training stands. */
  save(loss: string, seed: number, progress: Progress): void {
    this.write(trainingName(loss, seed), encode(progress));
  }

  /** Whether any training has ended an epoch, and is kept. */
  get hasProgress(): boolean {
    try {
      return readdirSync(this.#folder).some((name) => /\.seed-\d+\.safetensors$/.test(name));
    } catch {
      // the folder was taken away
      return false;
    }
  }

  /** Writes a file, or leaves the one that was there. */
  write(name: string, contents: string | Uint8Array): void {
    const aside = this.path(`${ASIDE}${randomUUID()}`);
    try {
      // on the disk before it has its name
      writeFileSync(aside, contents, { flush: true });
      rename(aside, this.path(name));
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
  }

  /** Removes what a run that was killed had not ended to write. */
  tidy(): void {
    for (const name of readdirSync(this.#folder)) if (name.startsWith(ASIDE)) rmSync(this.path(name), { recursive: true, force: true });
  }
}

// also where the folder was taken away
function isNothing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

type State = nn.StateDict;

function encode({ best, fit, ...rest }: Progress): Uint8Array {
  const { state, ...scores } = best;
  const tensors = { ...prefixed("best.", state) };
  if (fit) Object.assign(tensors, prefixed("network.", fit.network), prefixed("optimizer.", fit.optimizer.state));
  if (fit?.ema) Object.assign(tensors, prefixed("ema.", fit.ema));
  const numbers = {
    ...rest,
    best: scores,
    fit: fit && {
      // the scores of earlier epochs are no longer needed, and may be many
      epochs: fit.epochs.map(({ epoch, loss }) => ({ epoch, loss, validation: null })),
      steps: fit.steps,
      optimizer: { ...fit.optimizer, state: null },
      hasAverage: fit.ema !== null,
      dropout: fit.dropout,
    },
  };
  return encodeSafetensors(tensors, { progress: JSON.stringify(numbers) });
}

function decode(file: string, bytes: Uint8Array): Progress {
  const { state, metadata } = readSafetensors(file, bytes);
  const { best, fit, ...rest } = JSON.parse(metadata.progress);
  return {
    ...rest,
    best: { ...(best as Best), state: within("best.", state) },
    fit: fit && {
      epochs: fit.epochs,
      steps: fit.steps,
      network: within("network.", state),
      optimizer: { ...fit.optimizer, state: within("optimizer.", state) },
      ema: fit.hasAverage ? within("ema.", state) : null,
      dropout: fit.dropout,
    },
  };
}

function prefixed(prefix: string, state: State): State {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [prefix + name, tensor]));
}

function within(prefix: string, state: State): State {
  const own = Object.entries(state).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
