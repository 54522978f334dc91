import type { LabelArray } from "../../../losses/labels.js";
import type { Call } from "../call.js";
import type { Heap, Loan } from "../memory/Heap.js";

/** A call whose arguments are copied to memory for the workers, as they were when the call was made. */
export class HeldCall {
  readonly call: Call;
  readonly input: Float32Array;
  readonly labels: LabelArray;
  readonly weights: Float32Array | null;
  readonly #loan: Loan;

  /** Throws `LovaszError` "memory". */
  constructor(call: Call, heap: Heap) {
    const loan = heap.lend();
    this.call = call;
    this.input = loan.copy(call.input);
    this.labels = loan.copy(call.labels);
    this.weights = call.weights && loan.copy(call.weights);
    this.#loan = loan;
  }

  /** Whether workers see the copies; else each is sent copies of its own. */
  get shared(): boolean {
    return this.#loan.shared;
  }

  /** As many floats as the input has, for workers to write a gradient to; null where memory is not shared. */
  gradientSpace(): Float32Array | null {
    return this.#loan.space(this.input.length);
  }

  free(): void {
    this.#loan.end();
  }
}
