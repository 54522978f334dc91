import { describe, expect, test, vi } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import type * as fuzz from "../../src/fuzz/index.js";
import { checkLoss, type LossUnderTest, laws } from "../../src/fuzz/index.js";
import { expectError } from "../helpers/errors.js";
import { type Kind, plain } from "./plain.js";

const scaled =
  (kind: Kind, by: number): LossUnderTest =>
  async (...given) => {
    const { value, grad } = await plain(kind)(...given);
    return { value: (value as number) * by, grad };
  };

/** Runs the code of a counterexample as a user would who pasted it. */
async function paste(code: string, loss: LossUnderTest): Promise<void> {
  const body = code.replace('import { laws } from "lovasz/fuzz";', "");
  const AsyncFunction = (async () => {}).constructor as new (...names: string[]) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction("laws", "loss", body)(laws, loss);
}

describe("checkLoss(loss, { kind, runs, seed })", () => {
  test("resolves to what became of each law", async () => {
    const { ok, laws: results, seed } = await checkLoss(plain("hinge"), { kind: "hinge", runs: 7, seed: 3 });
    expect({ ok, seed }).toEqual({ ok: true, seed: 3 });
    expect(results).toContainEqual({ law: "isExtension", ok: true, runs: 7 });
    expect(results.length).toBeGreaterThan(12);
    expect((await checkLoss(plain("hinge"), { kind: "hinge", runs: 1 })).laws.map(({ law }) => law)).not.toContain("ignoresClassNumbers");
  });

  test("a loss that never answers breaks every law, and is asked once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const loss = vi.fn(() => new Promise<never>(() => {}));
      const pending = checkLoss(loss, { kind: "hinge", runs: 60, seed: 1 });
      await vi.waitFor(() => expect(loss).toHaveBeenCalled());
      await vi.advanceTimersByTimeAsync(30_000);
      const { ok, laws: results } = await pending;
      expect(ok).toBe(false);
      expect(results[0].message).toMatch(/unanswered for 30 s|did not answer within 30 s/);
      expect(results.every((result) => !result.ok)).toBe(true);
      expect(loss).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each<Kind>(["hinge", "softmax", "sigmoid"])("a broken law comes with a simple case, as code that repeats it: %s", async (kind) => {
    const { ok, laws: results } = await checkLoss(scaled(kind, 2), { kind, seed: 4, runs: 50, maxPixels: 40 });
    expect(ok).toBe(false);
    const broken = results.find(({ law }) => law === "isExtension")!;
    expect(broken).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^value is .*, expected .*: the loss is the Lovász extension/),
    });
    expect(broken.example!.labels.length).toBeLessThanOrEqual(2);
    await expect(paste(broken.counterexample!, scaled(kind, 2))).rejects.toThrow(broken.message);
    await paste(broken.counterexample!, plain(kind));
  });

  test("a fault of images of at least 257 pixels is shown with 257", async () => {
    const loss: LossUnderTest = async (...given) => {
      const { value, grad } = await plain("hinge")(...given);
      return { value: given[1].length >= 257 ? 7 : value, grad };
    };
    const { example, counterexample } = await checkLaw(loss, "isExtension", "hinge", { runs: 200, seed: 1, settings: { honours: [] } });
    expect(example!.labels.length).toBe(257);
    await expect(paste(counterexample!, loss)).rejects.toThrow("value is 7");
  });

  test("a fault of large images only is shrunk in some hundred calls", async () => {
    const loss = vi.fn<LossUnderTest>(async (...given) => {
      const { value, grad } = await plain("hinge")(...given);
      return { value: given[1].length > 1000 ? (value as number) * 1.01 : value, grad };
    });
    vi.useFakeTimers({ toFake: ["performance"] }); // a standing clock: no limit of time comes in
    try {
      const { example, runs } = await checkLaw(loss, "isExtension", "hinge", { runs: 200, seed: 1, settings: { honours: [] } });
      expect(example!.labels.length).toBe(1001);
      expect(loss.mock.calls.length - runs).toBeLessThan(600);
    } finally {
      vi.useRealTimers();
    }
  });

  test("of a slow loss, the simplest case found in 2 s comes, which breaks the law", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const slow = vi.fn<LossUnderTest>(async (...given) => {
        vi.advanceTimersByTime(300);
        return scaled("hinge", 2)(...given);
      });
      const { message, example, counterexample, runs } = await checkLaw(slow, "isExtension", "hinge", { runs: 200, seed: 1 });
      expect(slow.mock.calls.length - runs).toBe(7);
      await expect(laws.isExtension(scaled("hinge", 2), example!)).rejects.toThrow(message);
      await expect(paste(counterexample!, scaled("hinge", 2))).rejects.toThrow(message);
    } finally {
      vi.useRealTimers();
    }
  });

  test("the same seed finds the same, another one other cases", async () => {
    const ofSeed = async (seed: number) =>
      (await checkLoss(scaled("sigmoid", 1.5), { kind: "sigmoid", seed, runs: 30, maxPixels: 20 })).laws;
    expect(await ofSeed(9)).toEqual(await ofSeed(9));
    expect(await ofSeed(9)).not.toEqual(await ofSeed(10));
  });

  test("says what a loss answers that is no answer", async () => {
    const message = async (loss: unknown) => {
      const { laws: results } = await checkLoss(loss as LossUnderTest, { kind: "hinge", runs: 20, seed: 1 });
      return results.find(({ law }) => law === "answersNumbers")!.message;
    };
    const none = new Float32Array();
    expect(await message(() => Promise.reject(new TypeError("no")))).toBe("the loss threw TypeError: no");
    expect(await message(() => undefined)).toBe("the loss returned undefined, expected { value, grad }");
    expect(await message(() => ({ value: Number.NaN, grad: none }))).toBe("value is NaN, expected a finite number");
    expect(await message(() => ({ value: "1", grad: none }))).toBe('value is "1", expected a number');
    expect(await message(() => ({ value: 1, grad: none }))).toBe("grad holds 0 numbers, expected 2, one for each of the values");
    expect(await message((v: Float32Array) => ({ value: 1, grad: v.map(() => Number.NaN) }))).toBe(
      "grad[0] is NaN, expected a finite number",
    );
    expect(await message((v: Float32Array) => ({ value: [1, 2], grad: v }))).toBe("value holds 2 numbers, expected one");
  });

  test("names what a loss changes of its arguments", async () => {
    const spoils = async (spoil: (...given: Parameters<LossUnderTest>) => void) => {
      const loss: LossUnderTest = (...given) => {
        const answer = plain("hinge")(given[0].slice(), given[1].slice(), { ...given[2], shape: [...given[2].shape] });
        spoil(...given);
        return answer;
      };
      return (await checkLoss(loss, { kind: "hinge", runs: 50, seed: 1, maxPixels: 20 })).laws.filter(({ ok }) => !ok);
    };
    expect(await spoils((values) => values.fill(3))).toMatchObject(
      [{ law: "keepsInputs", message: /^values\[0\] was .* and is 3 after/ }].map(({ law, message }) => ({
        law,
        message: expect.stringMatching(message),
      })),
    );
    expect((await spoils((_, labels) => labels.fill(9)))[0].message).toMatch(/^labels\[0\] was [01] and is 9 after/);
    expect((await spoils((_, __, options) => options.shape.pop()))[0].message).toMatch(/^the options were/);
  });

  test("options that a loss does not know are not asked of it, if `honours` says so", async () => {
    const knowsNothing: LossUnderTest = (values, labels, { shape }) => plain("softmax")(values, labels, { shape });
    expect((await checkLoss(knowsNothing, { kind: "softmax", runs: 40, seed: 2, maxPixels: 20 })).ok).toBe(false);
    expect((await checkLoss(knowsNothing, { kind: "softmax", runs: 40, seed: 2, maxPixels: 20, honours: [] })).ok).toBe(true);
  });

  test.each<Kind>(["hinge", "softmax", "sigmoid"])(
    "asks nothing without what the loss `needs`, in no law, and not while it shrinks a case: %s",
    async (kind) => {
      const needy =
        (loss: LossUnderTest): LossUnderTest =>
        (values, labels, options) => {
          const [B] = options.shape;
          const N = labels.length / B;
          if (B > 1) throw new RangeError(`${B} images`);
          for (let b = 0; b < B; b++) {
            const valid = [...labels.subarray(b * N, (b + 1) * N)].filter((label) => label !== options.ignore);
            if (valid.length === 0) throw new RangeError("no pixel");
            if (kind !== "softmax" && !valid.includes(1)) throw new RangeError("no foreground");
          }
          return loss(values, labels, options);
        };
      const needs: fuzz.Need[] = ["foreground", "oneImage", "pixel"];
      const options = { kind, runs: 40, seed: 3, maxPixels: 20, needs };
      expect((await checkLoss(needy(plain(kind)), options)).ok).toBe(true);
      for (const need of kind === "softmax" ? ["oneImage", "pixel"] : ["oneImage", "foreground"]) {
        const { ok } = await checkLoss(needy(plain(kind)), { ...options, runs: 10, needs: needs.filter((one) => one !== need) });
        expect(ok).toBe(false);
      }
      const { laws: results } = await checkLoss(needy(scaled(kind, 2)), options);
      const broken = results.find(({ law }) => law === "isExtension")!;
      expect(broken.message).toMatch(/^value is .*, expected/);
      expect(broken.counterexample).toContain('\n  needs: ["foreground","oneImage","pixel"],\n');
      await expect(paste(broken.counterexample!, needy(scaled(kind, 2)))).rejects.toThrow(broken.message);
    },
  );

  test("`classes` says what the loss does where its option is left out", async () => {
    const all: LossUnderTest = (values, labels, options) => plain("softmax")(values, labels, { classes: "all", ...options });
    const options = { kind: "softmax", runs: 60, seed: 2, maxPixels: 20 } as const;
    expect((await checkLoss(all, options)).ok).toBe(false);
    expect((await checkLoss(all, { ...options, classes: "all" })).ok).toBe(true);
    expect((await checkLoss(all, { ...options, classes: "all", honours: ["ignore"] })).ok).toBe(true);
    expect((await checkLoss(plain("softmax"), { ...options, classes: "all" })).ok).toBe(false);
    const { laws: results } = await checkLoss(plain("softmax"), { ...options, classes: "all" });
    const broken = results.find(({ law }) => law === "isExtension")!;
    expect(broken.counterexample).toContain('\n  classes: "all",\n');
    await paste(broken.counterexample!, all);
  });

  test("refuses what it cannot check", async () => {
    const call = (loss: unknown, options: unknown) => checkLoss(loss as LossUnderTest, options as fuzz.CheckOptions);
    for (const [given, message] of [
      [[3, { kind: "hinge" }], /loss is 3, expected a function/],
      [[plain("hinge"), {}], /kind is missing/],
      [[plain("hinge"), { kind: "bce" }], /kind is "bce", expected "hinge" or "softmax" or "softmax-logits" or "sigmoid"/],
      [[plain("hinge"), { kind: "hinge", runs: 0 }], /runs is 0/],
      [[plain("hinge"), { kind: "hinge", seed: -1 }], /seed is -1/],
      [[plain("hinge"), { kind: "hinge", also: ["isConvex"] }], /also is \["isConvex"\], expected an array of "sharesTies"/],
      [
        [plain("hinge"), { kind: "hinge", needs: ["pixels"] }],
        /needs is \["pixels"\], expected an array of "pixel", "foreground", "oneImage"/,
      ],
      [[plain("hinge"), { kind: "softmax", classes: [1] }], /classes is an array of 1, expected "present" or "all"/],
      [[plain("hinge"), { kind: "hinge", run: 5 }], /no option "run"/],
    ] as const) {
      const error = await call(given[0], given[1]).then(
        () => null,
        (cause) => cause,
      );
      expectError(
        () => {
          throw error;
        },
        "option",
        message,
      );
    }
    const { example } = (await checkLoss(scaled("sigmoid", 2), { kind: "sigmoid", runs: 20, seed: 1 })).laws.find(({ ok }) => !ok)!;
    await expect(laws.isConvex(plain("sigmoid"), example!)).rejects.toThrow(
      'isConvex is no law of kind "sigmoid", only of hinge and softmax',
    );
  });
});
