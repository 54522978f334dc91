// What a call of `lovasz predict` asks for.

/** The options of a call, as commander hands them over. */
export interface PredictOptions {
  model: string;
  data: string;
  out: string;
  overlay?: boolean;
  probabilities?: boolean;
  flips?: boolean;
  cutoff?: number;
  threads?: number;
}
