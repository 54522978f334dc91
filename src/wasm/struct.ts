// Structs that kernels take. assembly/ lays each of them out, and the core exports the offsets of the fields.

interface Offset {
  readonly value: number;
}

interface Field<Name extends string> {
  readonly name: Name;
  readonly offset: number;
  readonly isFloat: boolean;
  /** What is written where no value is given. */
  readonly otherwise: number;
}

/** Where the fields of a struct lie. */
export type Layout<Name extends string> = readonly Field<Name>[];

/** The layout of a struct of integers (pointers, u32, i32) and floats (f64), from their exported offsets; `defaults` other than 0. */
export function layout<I extends string, F extends string>(
  integers: Record<I, Offset>,
  floats: Record<F, Offset>,
  defaults: Partial<Record<NoInfer<I | F>, number>> = {},
): Layout<I | F> {
  const fields = (offsets: Record<string, Offset>, isFloat: boolean) =>
    Object.entries(offsets).map(([key, { value: offset }]) => {
      const name = key as I | F;
      return { name, offset, isFloat, otherwise: (defaults as Partial<Record<I | F, number>>)[name] ?? 0 };
    });
  return [...fields(integers, false), ...fields(floats, true)];
}

/** Writes all fields of the struct at `pointer`. */
export function writeStruct<Name extends string>(
  view: DataView,
  pointer: number,
  layout: Layout<Name>,
  values: Partial<Record<Name, number>>,
): void {
  for (const { name, offset, isFloat, otherwise } of layout) {
    const value = values[name] ?? otherwise;
    if (isFloat) view.setFloat64(pointer + offset, value, true);
    else view.setUint32(pointer + offset, value, true);
  }
}
