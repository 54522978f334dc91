// What every loss of a run has in common, from the options of the call.
import { binaryTask, multiclassTask } from "../../model/task.js";
import { WrongCall } from "../exits.js";
import type { Architecture } from "../model/architecture.js";
import type { Recipe } from "../model/recipe.js";
import type { TrainOptions } from "./options.js";

/** What is taken where the call does not say otherwise: `npm run bench -- learning` shows what it was chosen by. */
export const DEFAULTS = {
  network: "unet",
  levels: 3,
  norm: "batch",
  widths: { unet: 8, "fast-scnn": 32 },
  batch: 4,
  lr: 0.005,
  schedule: "cosine",
  optimizer: "adam",
  augment: "turns",
  epochs: 10,
  exampleEpochs: 40,
  lossWarmup: 0,
} as const;

/** The largest seed. */
export const MOST_SEED = 2 ** 31 - 1;

/** The recipe that `options` ask for; `from` is the network of the model to start from. Throws `WrongCall` for contradictions. */
export function recipeOf(options: TrainOptions, from: Architecture | null): Recipe {
  const { classes, example, seed, seeds = 1 } = options;
  const epochs = options.epochs ?? (example ? DEFAULTS.exampleEpochs : DEFAULTS.epochs);
  const { lossWarmup = Math.min(DEFAULTS.lossWarmup, epochs - 1) } = options;
  if (lossWarmup >= epochs) {
    throw new WrongCall(`--loss-warmup ${lossWarmup} leaves none of ${epochs} epochs for the losses; lower it, or raise --epochs`);
  }
  if (seed + seeds - 1 > MOST_SEED)
    throw new WrongCall(`--seed ${seed} and --seeds ${seeds} go beyond the largest seed, ${MOST_SEED}; lower them`);
  return {
    task: classes === undefined ? binaryTask : multiclassTask(classes),
    architecture: from ? sameAs(from, options) : architectureOf(options),
    epochs,
    batch: options.batch ?? DEFAULTS.batch,
    lr: options.lr ?? DEFAULTS.lr,
    schedule: options.schedule ?? DEFAULTS.schedule,
    optimizer: options.optimizer ?? DEFAULTS.optimizer,
    augment: options.augment ?? DEFAULTS.augment,
    clip: options.clip ?? null,
    ema: options.ema ?? null,
    lossWarmup,
    classWeights: options.classWeights ?? null,
    patience: options.patience ?? null,
    seed,
    seeds,
  };
}

function architectureOf({ network = DEFAULTS.network, width = DEFAULTS.widths[network], levels, norm }: TrainOptions): Architecture {
  if (network === "unet") {
    const others = { upsample: "nearest", dropout: 0 } as const;
    return { network, width, levels: levels ?? DEFAULTS.levels, norm: norm ?? DEFAULTS.norm, ...others };
  }
  for (const [name, value] of Object.entries({ levels, norm })) {
    if (value !== undefined) throw new WrongCall(`--${name} is for --network unet; fast-scnn is always the same, but for --width`);
  }
  return { network, width };
}

// a model to start from says all of it
function sameAs(from: Architecture, { network, width, levels, norm }: TrainOptions): Architecture {
  const own: Record<string, unknown> = { ...from };
  for (const [name, asked] of Object.entries({ network, width, levels, norm })) {
    if (asked === undefined || asked === own[name]) continue;
    const has = own[name] === undefined ? `has no ${name}` : `has ${name} ${own[name]}`;
    throw new WrongCall(`--${name} ${asked} contradicts the model of --from, which ${has}; leave out --${name}`);
  }
  return from;
}
