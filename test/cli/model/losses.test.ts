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

  async function gradient(name: string, shift = 0): Promise<{ value: number; grad: Float32Array }> {
    const values = randn([2, channels, 4, 4], { seed: 3 }).data.slice();
    // where labels are void, logits may be anything
    for (let i = 0; i < values.length; i++) if (labels[16 * Math.floor(i / 16 / channels) + (i % 16)] === IGNORED) values[i] += shift;
    const logits = tensor(values, [2, channels, 4, 4], { requiresGrad: true });
    const loss = await parseLosses(name, classes)[0].criterion(logits, labels, device);
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

test("spaces and capitals are the caller's taste", () => {
  expect(parseLosses(" BCE + lovasz-hinge , dice", null).map(({ name }) => name)).toEqual(["bce+lovasz-hinge", "dice"]);
});

test.each<[string, number | null, RegExp]>([
  ["lovasz", null, /^--loss does not know "lovasz" for foreground and background \(without --classes\); use bce, lovasz-hinge, /],
  ["bce", 3, /^--loss does not know "bce" for --classes; use ce, lovasz-softmax, .* sums such as ce\+lovasz-softmax/],
  ["lovasz-softmax", null, /does not know "lovasz-softmax"/],
  ["", null, /does not know ""/],
  ["bce,", null, /does not know ""/],
  ["bce++dice", null, /does not know ""/],
  ["../bce", null, /does not know "..\/bce"/],
  ["constructor", null, /does not know "constructor"/],
  ["dice,bce, dice", null, /^--loss names dice twice/],
])("refuses %j", (list, classes, message) => {
  expect(() => parseLosses(list, classes)).toThrow(WrongCall);
  expect(() => parseLosses(list, classes)).toThrow(message);
});
