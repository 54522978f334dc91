// The slow, readable reference of the operators: arrays of float64 with a shape, every result by its definition, index by
// index. Not for speed, and nothing here knows a stride.

export interface Nd {
  shape: readonly number[];
  values: Float64Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);

/** Every index of `shape`, in C order. */
export function indices(shape: readonly number[]): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index: number[] = [];
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]);
      rest = Math.floor(rest / shape[axis]);
    }
    return index;
  });
}

/** Where `index` stands in C order. */
export function flatIndex(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((flat, i, axis) => flat * shape[axis] + i, 0);
}

export const at = (a: Nd, index: readonly number[]): number => a.values[flatIndex(a.shape, index)];

/** An array whose element at each index is `value(index)`. */
export function build(shape: readonly number[], value: (index: number[]) => number): Nd {
  return { shape, values: Float64Array.from(indices(shape), value) };
}

/** `fn` of two arrays broadcast as NumPy does. */
export function broadcastMap(a: Nd, b: Nd, fn: (x: number, y: number) => number): Nd {
  const rank = Math.max(a.shape.length, b.shape.length);
  const extent = (one: Nd, axis: number): number => one.shape[axis - rank + one.shape.length] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => (extent(a, axis) === 1 ? extent(b, axis) : extent(a, axis)));
  const pick = (one: Nd, index: readonly number[]): number =>
    at(
      one,
      index.slice(rank - one.shape.length).map((i, axis) => (one.shape[axis] === 1 ? 0 : i)),
    );
  return build(shape, (index) => fn(pick(a, index), pick(b, index)));
}

/** `fn` of the elements along `axes`, which go; they come in C order. */
export function reduce(a: Nd, axes: readonly number[], fn: (values: number[]) => number): Nd {
  const rest = a.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const gone = axes.map((axis) => a.shape[axis]);
  return build(
    rest.map((axis) => a.shape[axis]),
    (kept) =>
      fn(
        indices(gone).map((inner) =>
          at(
            a,
            a.shape.map((_, axis) => (axes.includes(axis) ? inner[axes.indexOf(axis)] : kept[rest.indexOf(axis)])),
          ),
        ),
      ),
  );
}

/** `fn` of every row along `axis`, which gives a row of the same length. */
export function mapRows(a: Nd, axis: number, fn: (row: number[]) => ArrayLike<number>): Nd {
  const values = new Float64Array(a.values.length);
  for (const index of indices(a.shape)) {
    if (index[axis] !== 0) continue;
    const places = Array.from({ length: a.shape[axis] }, (_, i) => flatIndex(a.shape, index.with(axis, i)));
    const row = fn(places.map((place) => a.values[place]));
    places.forEach((place, i) => {
      values[place] = row[i];
    });
  }
  return { shape: a.shape, values };
}

export const sum = (values: readonly number[]): number => values.reduce((x, y) => x + y, 0);
