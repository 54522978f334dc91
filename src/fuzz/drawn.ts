import type { Arbitrary as ArbitraryOf, Random as Generator, Stream, Value as ValueOf } from "fast-check";
import { uniform } from "../random.js";
import type { Random } from "./draw/random.js";
import { Arbitrary, stream, Value } from "./fastCheck.js";

class Drawn<T> extends Arbitrary<T> {
  constructor(
    private readonly draw: (random: Random) => T,
    private readonly smaller: (value: T) => Iterable<T>,
  ) {
    super();
  }

  override generate(source: Generator): ValueOf<T> {
    return new Value(this.draw(uniform(source.nextInt(-(2 ** 31), 2 ** 31 - 1))), undefined);
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return true;
  }

  override shrink(value: T): Stream<ValueOf<T>> {
    return stream(this.shrunk(value));
  }

  private *shrunk(value: T): IterableIterator<ValueOf<T>> {
    for (const one of this.smaller(value)) yield new Value(one, undefined);
  }
}

/** A fast-check arbitrary of what `draw` makes of random numbers in [0, 1); `smaller` gives simpler values, the boldest first. */
export const drawn = <T>(draw: (random: Random) => T, smaller: (value: T) => Iterable<T>): ArbitraryOf<T> => new Drawn(draw, smaller);
