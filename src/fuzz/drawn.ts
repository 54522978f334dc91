import { Arbitrary, type Random as Generator, type Stream, stream, Value } from "fast-check";
import { uniform } from "../random.js";
import type { Random } from "./draw/random.js";

/** A way to simplify a value: the simpler values to try, the boldest first. */
export type Pass<T> = (value: T) => Iterable<T>;

class Drawn<T> extends Arbitrary<T> {
  constructor(
    private readonly draw: (random: Random) => T,
    private readonly passes: readonly Pass<T>[],
  ) {
    super();
  }

  override generate(source: Generator): Value<T> {
    return new Value(this.draw(uniform(source.nextInt(-(2 ** 31), 2 ** 31 - 1))), undefined);
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return true;
  }

  override shrink(value: T, context?: unknown): Stream<Value<T>> {
    return stream(this.shrunk(value, typeof context === "number" ? context : 0));
  }

  // The context of a value is the pass that made it. Shrinking goes on with that pass and tries the earlier ones last: they rarely
  // simplify anything more, and trying them all again after each success would take most of the time.
  private *shrunk(value: T, from: number): IterableIterator<Value<T>> {
    for (let turn = 0; turn < this.passes.length; turn++) {
      const pass = (from + turn) % this.passes.length;
      for (const one of this.passes[pass](value)) yield new Value(one, pass);
    }
  }
}

/** A fast-check arbitrary of what `draw` makes of random numbers in [0, 1), shrunk by `passes`, in their order, until none helps. */
export const drawn = <T>(draw: (random: Random) => T, passes: readonly Pass<T>[]): Arbitrary<T> => new Drawn(draw, passes);
