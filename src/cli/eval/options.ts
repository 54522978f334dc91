// What a call of `lovasz eval` asks for.

/** The options of a call, as commander hands them over. */
export interface EvalOptions {
  model: string;
  data: string;
  json?: boolean;
  ignore?: number;
  threshold?: number;
  cutoffCurve?: boolean;
  threads?: number;
}
