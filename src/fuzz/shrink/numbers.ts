const digits = (value: number): number => String(Math.fround(value)).length;

// only steps to what is shorter, so that shrinking ends
const shorter = (value: number, simple: number): number | null => (digits(simple) < digits(value) ? simple : null);

/** What may be simpler than a number, the boldest first; null where it is not. */
export const simplerNumbers: readonly ((value: number) => number | null)[] = [
  (value) => (value === 0 && !Object.is(value, -0) ? null : 0),
  (value) => (Math.abs(value) > 1 ? Math.sign(value) : null),
  (value) => shorter(value, Math.round(value)),
  (value) => shorter(value, Math.round(value * 2) / 2),
  (value) => shorter(value, Math.round(value * 8) / 8),
  (value) => shorter(value, Math.round(value * 1024) / 1024),
];
