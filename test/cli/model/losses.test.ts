import { describe, expect, test } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import { defaultLosses, parseLosses, TERMS } from "../../../src/cli/model/losses.js";
import { openDevice, randn, tensor } from "../../../src/index.js";
import { IGNORED } from "../../../src/model/ignored.js";

const tasks: [string, string, number | null][] = [
  ["binary", TERMS.binary, null],
  ["multiclass", TERMS.multiclass, 3],
];

const device = await openDevice("wasm");

describe.each(tasks)("%s losses", (_, terms, classes) => {
  const channels = classes ?? 1;
  const labels = Uint8Array.from({ length: 32 }, (_, i) => (i % 5 === 0 ? IGNORED : i % (classes ?? 2)));

  async function gradient(
    name: string,
    shift = 0,
    weights: number[] | null = null,
    warmup = false,
  ): Promise<{ value: number; grad: Float32Array }> {
    const values = randn([2, channels, 4, 4], { seed: 3 }).data.slice();
    // where labels are void, logits may be anything
    for (let i = 0; i < values.length; i++) if (labels[16 * Math.floor(i / 16 / channels) + (i % 16)] === IGNORED) values[i] += shift;
    const logits = tensor(values, [2, channels, 4, 4], { requiresGrad: true });
    const parsed = parseLosses(name, classes, weights)[0];
    const loss = await ((warmup ? parsed.warmup : null) ?? parsed.criterion)(logits, labels, device);
    loss.backward();
    return { value: loss.item(), grad: logits.grad!.data.slice() };
  }

  test.each(terms.split(", "))("%s has a gradient, and none at void pixels", async (name) => {
    const { value, grad } = await gradient(name);
    expect(value).toBeGreaterThan(0);
    expect(grad.every(Number.isFinite)).toBe(true);
    expect(grad.some((slope) => slope !== 0)).toBe(true);
    grad.forEach((slope, i) => {
      if (labels[16 * Math.floor(i / 16 / channels) + (i % 16)] === IGNORED) expect(slope).toBe(0);
    });
    expect((await gradient(name, 7)).value).toBe(value);
  });

  test("a sum is the sum of its terms", async () => {
    const [one, other] = terms.split(", ");
    expect((await gradient(`${one}+${other}`)).value).toBeCloseTo((await gradient(one)).value + (await gradient(other)).value, 5);
  });

  test("a factor multiplies its term", async () => {
    const [one, other] = terms.split(", ");
    const [a, b, both] = [await gradient(one), await gradient(other), await gradient(`0.5*${one}+3*${other}`)];
    expect(both.value).toBeCloseTo(0.5 * a.value + 3 * b.value, 5);
    both.grad.forEach((slope, i) => {
      expect(slope).toBeCloseTo(0.5 * a.grad[i] + 3 * b.grad[i], 5);
    });
    expect((await gradient(`1*${one}`)).value).toBe(a.value);
  });

  test("the warm-up of a sum is the sum of its terms that are no Lovász losses, or else the pixelwise loss", async () => {
    const [pixelwise, lovasz] = terms.split(", ");
    const warm = (name: string) => gradient(name, 0, null, true);
    expect(await warm(`0.5*${pixelwise}+2*dice+${lovasz}`)).toEqual(await gradient(`0.5*${pixelwise}+2*dice`));
    expect(await warm(lovasz)).toEqual(await gradient(pixelwise));
    expect(parseLosses(`${pixelwise}+dice`, classes)[0].warmup).toBeNull();
    expect(parseLosses(terms.split(", ").filter((term) => term.startsWith("lovasz")).join(), classes).every(({ warmup }) => warmup)).toBe(true); // biome-ignore format: one line
  });

  test("class weights weigh the classes in the pixelwise loss", async () => {
    const [pixelwise] = terms.split(", ");
    const count = classes ?? 2;
    const equal = new Array(count).fill(2);
    expect((await gradient(pixelwise, 0, equal)).value).toBeCloseTo((await gradient(pixelwise)).value, 5);
    const heavy = await gradient(pixelwise, 0, [1, ...new Array(count - 1).fill(1e5)]);
    // the gradient of background pixels nearly vanishes beside the others
    const most = (isBackground: boolean) =>
      Math.max(
        ...heavy.grad.map((slope, i) => {
          const label = labels[16 * Math.floor(i / 16 / channels) + (i % 16)];
          return (label === 0) === isBackground ? Math.abs(slope) : 0;
        }),
      );
    expect(most(false)).toBeGreaterThan(1000 * most(true));
  });

  test("defaults are known, and compare with and without a Lovász loss", () => {
    const [without, withIt] = parseLosses(defaultLosses(classes), classes).map(({ name }) => name);
    expect(without).not.toContain("lovasz");
    expect(withIt).toMatch(`${without}+lovasz`);
  });
});

test("names hold nothing that a system refuses in the names of files", () => {
  const lists: [string, number | null][] = [
    [TERMS.binary, null],
    [TERMS.multiclass, 3],
  ];
  for (const [terms, classes] of lists) {
    const names = terms.split(", ");
    for (const { name } of parseLosses([...names, names.join(" + ")].join(","), classes)) expect(name).toMatch(/^[a-z0-9.*+-]+$/);
    for (const character of '/\\:?"<>|\0%') expect(() => parseLosses(`${names[0]}${character}`, classes)).toThrow(WrongCall);
  }
});

test("a factor has one spelling", () => {
  expect(parseLosses("1*bce,0.50*bce,.25*dice+1.0*bce", null).map(({ name }) => name)).toEqual(["bce", "0.5*bce", "0.25*dice+bce"]);
  expect(() => parseLosses("bce,1*bce", null)).toThrow("--loss names bce twice");
});

test("spaces and capitals are the caller's taste", () => {
  expect(parseLosses(" BCE + lovasz-hinge , dice", null).map(({ name }) => name)).toEqual(["bce+lovasz-hinge", "dice"]);
});

test.each<[string, number | null, RegExp]>([
  ["lovasz", null, /^--loss does not know "lovasz" for foreground and background \(without --classes\); use bce, lovasz-hinge, /],
  ["bce", 3, /^--loss does not know "bce" for several classes; use ce, lovasz-softmax, .* sums such as ce\+lovasz-softmax/],
  ["lovasz-softmax", null, /does not know "lovasz-softmax"/],
  ["", null, /does not know ""/],
  ["bce,", null, /does not know ""/],
  ["bce++dice", null, /does not know ""/],
  ["../bce", null, /does not know "..\/bce"/],
  ["constructor", null, /does not know "constructor"/],
  ["dice,bce, dice", null, /^--loss names dice twice/],
  ["0*bce", null, /^--loss has the factor "0" in "0\*bce", expected a number above 0, at most 1000, such as 0.5\*bce$/],
  ["1e3*bce", null, /has the factor "1e3" in/],
  ["-1*bce", null, /has the factor "-1" in/],
  ["*bce", null, /has the factor "" in/],
  ["2*3*bce", null, /does not know "3\*bce"/],
  ["bce*2", null, /does not know "2" .*, and write factors first, as in 0.5\*bce$/],
])("refuses %j", (list, classes, message) => {
  expect(() => parseLosses(list, classes)).toThrow(WrongCall);
  expect(() => parseLosses(list, classes)).toThrow(message);
});

test.each<[string, number[], number | null, RegExp]>([
  ["bce", [1], null, /^--class-weights has 1 number, expected 2, for background and foreground$/],
  ["ce", [1, 2], 3, /^--class-weights has 2 numbers, expected 3, for classes 0 to 2$/],
  ["bce", [0, 1], null, /^--class-weights is 0,1, expected numbers above 0$/],
  ["ce", [0, 0, 0], 3, /^--class-weights is 0,0,0, expected numbers from 0 up, and one above 0$/],
  ["dice,lovasz-hinge", [1, 2], null, /^--class-weights weighs bce, of which --loss names none; leave out --class-weights$/],
  ["dice", [1, 2, 3], 3, /^--class-weights weighs ce and lovasz-softmax, of which --loss names none; leave out --class-weights$/],
])("refuses for %s the class weights %j", (list, weights, classes, message) => {
  expect(() => parseLosses(list, classes, weights)).toThrow(WrongCall);
  expect(() => parseLosses(list, classes, weights)).toThrow(message);
});
