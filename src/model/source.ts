// Samples that lie in memory, or are read whenever they are needed.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { isDetached } from "../typedArray.js";
import { readSample, type Sample, type SampleLike } from "./picture.js";

/** A sample, or a function that reads it whenever it is needed, as a data set may be larger than memory. */
export type SampleSource = SampleLike | (() => SampleLike | Promise<SampleLike>);

/** Reads a sample and checks it. */
export type Source = () => Promise<Sample>;

/** The samples of a list; those in memory are checked at once. Throws `LovaszError` "data", "label" or "option". */
export function sourcesOf(call: string, name: string, samples: readonly SampleSource[]): Source[] {
  if (!Array.isArray(samples) || samples.length === 0) {
    throw new LovaszError("data", `${call}: ${name} is ${describe(samples)}, expected an array of at least one { picture, labels }`);
  }
  return Array.from(samples as readonly SampleSource[], (source, i) => {
    if (typeof source === "function") return async () => readSample(call, `${name}[${i}]()`, await source());
    const sample = readSample(call, `${name}[${i}]`, source);
    return async () => {
      if (!isDetached(sample.picture.data) && !isDetached(sample.labels)) return sample;
      throw new LovaszError("data", `${call}: ${name}[${i}] was detached meanwhile, as its buffer was transferred; hand over a copy`);
    };
  });
}
