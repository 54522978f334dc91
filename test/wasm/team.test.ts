// What a team does where its workers fail: here they are no threads, but functions of the test.
import { afterEach, describe, expect, test, vi } from "vitest";
import { LovaszError } from "../../src/index.js";
import { kernels } from "../../src/wasm/instance.js";
import { attend, DONE, Job } from "../../src/wasm/job.js";
import { scratch, viewF32 } from "../../src/wasm/memory.js";
import { type Attendance, Team } from "../../src/wasm/team.js";

const N = 64;
const UNITS = 4;
const expected = Float32Array.from({ length: N * UNITS }, (_, i) => (i % 2 === 0 ? 0 : 2));

class Fixture {
  readonly restart = vi.fn();
  readonly attend = vi.fn<(what: Attendance) => void>();
  readonly team = new Team({ count: 1, attend: this.attend, restart: this.restart });

  /** The relu of some rows, a unit each. `before` is called when the job is offered, before the calling thread takes a unit. */
  relu(before: (job: Job) => void = () => {}): Float32Array {
    const spy = vi.spyOn(Job.prototype, "take").mockImplementationOnce(function (this: Job) {
      spy.mockRestore();
      before(this);
      return this.take();
    });
    return scratch([4 * N * UNITS, 4 * N * UNITS], (from, to) => {
      viewF32(from, N * UNITS).set(expected.map((value) => value || -1));
      viewF32(to, N * UNITS).fill(7);
      this.team.run(
        "relu_f32",
        Array.from({ length: UNITS }, (_, i) => [from + 4 * N * i, to + 4 * N * i, N]),
      );
      return viewF32(to, N * UNITS).slice();
    });
  }
}

const { Memory } = WebAssembly;

// what is done where a memory is created
function onMemory(before: () => void): void {
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      before();
      super(descriptor);
    }
  };
}

// as where the stack is full
const overflow = () => {
  throw new RangeError("Maximum call stack size exceeded");
};

describe("a team", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    WebAssembly.Memory = Memory;
  });

  test("does what a worker has taken and never finished, in another memory, and calls the next one there", () => {
    const fixture = new Fixture();
    const { memory } = kernels;
    expect(fixture.relu((job) => void job.take())).toEqual(expected);
    expect(kernels.memory).not.toBe(memory);
    expect(fixture.restart).toHaveBeenCalledTimes(1);
    expect(fixture.relu()).toEqual(expected);
    expect(fixture.attend.mock.lastCall?.[0].memory).toBe(kernels.memory);
  });

  test("does again what a worker finishes while the memory is copied", () => {
    const result = new Fixture().relu((job) => {
      const unit = job.take();
      onMemory(() => {
        // says that it is done; what it wrote is not in the copy
        Atomics.store(job.words, 16 + unit, 1);
        Atomics.add(job.words, DONE, 1);
      });
    });
    expect(result).toEqual(expected);
  });

  test("says so where there is no memory for a copy, and moves with the next job", () => {
    const fixture = new Fixture();
    const { memory } = kernels;
    onMemory(() => {
      throw new RangeError("no room");
    });
    expect(() => fixture.relu((job) => void job.take())).toThrowError(LovaszError);
    WebAssembly.Memory = Memory;
    expect(kernels.memory).toBe(memory);
    expect(fixture.relu()).toEqual(expected);
    expect(kernels.memory).not.toBe(memory);
  });

  test("leaves nothing to its workers where a unit throws", () => {
    const fixture = new Fixture();
    let offered: Job | null = null;
    const failing = (job: Job) => {
      offered = job;
      vi.spyOn(job, "perform").mockImplementationOnce(overflow);
    };
    expect(() => fixture.relu(failing)).toThrowError("stack");
    expect((offered as unknown as Job).take()).toBe(-1);
    expect(fixture.relu()).toEqual(expected);
    expect(fixture.restart).not.toHaveBeenCalled();
  });

  test("moves where a unit throws while a worker does not finish its own", () => {
    const fixture = new Fixture();
    const { memory } = kernels;
    // the time that the calling thread waits, in waits of 50 ms
    vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
    const failing = (job: Job) => {
      job.take();
      vi.spyOn(job, "perform").mockImplementationOnce(overflow);
    };
    expect(() => fixture.relu(failing)).toThrowError("stack");
    expect(kernels.memory).not.toBe(memory);
    expect(fixture.relu()).toEqual(expected);
  });

  test("dismisses workers that have not yet come", () => {
    const fixture = new Fixture();
    fixture.relu();
    const [what] = fixture.attend.mock.lastCall as [Attendance];
    expect([fixture.team.dismiss(), fixture.team.dismiss()]).toEqual([true, false]);
    // returns at once
    attend(new Job(kernels, what.pointer, 1), what.attendance);
    expect(fixture.relu()).toEqual(expected);
    expect(fixture.attend).toHaveBeenCalledTimes(2);
  });
});
