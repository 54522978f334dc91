// What a call of `lovasz eval` asks for.

/** The options of a call, as commander hands them over. */
export interface EvalOptions {
  model: string;
  data: string;
  json?: boolean;
  ignore?: readonly number[];
  threshold?: number;
  maskSuffix?: string;
  colours?: string;
  cutoffCurve?: boolean;
  threads?: number;
}
