// What a call of `lovasz paint` asks for.

/** The options of a call, as commander hands them over. */
export interface PaintOptions {
  data?: string;
  port?: number;
}
