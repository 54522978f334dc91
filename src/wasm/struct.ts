// Structs that kernels take. assembly/ lays each of them out, and the core exports the offsets of the fields.

interface Offset {
  readonly value: number;
}

export interface Field {
  readonly offset: number;
  readonly isFloat: boolean;
}

/** Where the fields of a struct lie, by name. */
export type Layout<Name extends string> = Readonly<Record<Name, Field>>;

/** The layout of a struct of integers (pointers, u32, i32) and floats (f64), from their exported offsets. */
export function layout<I extends string, F extends string>(integers: Record<I, Offset>, floats: Record<F, Offset>): Layout<I | F> {
  const fields = (offsets: Record<string, Offset>, isFloat: boolean) =>
    Object.entries(offsets).map(([name, { value }]): [I | F, Field] => [name as I | F, { offset: value, isFloat }]);
  return Object.fromEntries([...fields(integers, false), ...fields(floats, true)]) as Layout<I | F>;
}

/** Writes the named fields of the struct at `pointer`, and leaves the others as they are. Names that the layout lacks are skipped. */
export function writeStruct<Name extends string>(
  view: DataView,
  pointer: number,
  layout: Layout<Name>,
  values: Partial<Record<Name, number>>,
): void {
  // the values, not the layout: most writes name only a few fields
  for (const name in values) {
    const field: Field | undefined = layout[name];
    if (field === undefined) continue;
    const value = values[name] as number;
    if (field.isFloat) view.setFloat64(pointer + field.offset, value, true);
    else view.setUint32(pointer + field.offset, value, true);
  }
}
