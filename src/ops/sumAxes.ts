import { tidy } from "../tensor/scope.js";
import { around } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";

/** The sum of `a` over `axes` (ascending) times `factor`, outside any graph. Adjacent axes are summed in one pass. */
export function sumAxes(a: Tensor, axes: readonly number[], factor: number): Tensor {
  return tidy(() => {
    let shape = [...a.shape];
    let current = a;
    let last = axes.length;
    do {
      let first = Math.max(0, last - 1);
      while (first > 0 && axes[first - 1] === axes[first] - 1) first--;
      const from = axes[first] ?? shape.length;
      const group = shape.slice(from, from + last - first);
      const { outer, n, inner } = around(
        [...shape.slice(0, from), group.reduce((x, y) => x * y, 1), ...shape.slice(from + group.length)],
        from,
      );
      shape = [...shape.slice(0, from), ...shape.slice(from + group.length)];
      const next = Tensor.empty(shape);
      const [source, share] = [current.pointer, first === 0 ? factor : 1];
      parallel("sum_f32", { count: outer, cost: n * inner }, (from, count) => {
        return [source + 4 * from * n * inner, next.pointer + 4 * from * inner, count, n, inner, share];
      });
      current = next;
      last = first;
    } while (last > 0);
    return current;
  });
}
