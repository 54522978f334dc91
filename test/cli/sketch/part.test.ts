import fc from "fast-check";
import { expect, test } from "vitest";
import { checkComplete, decodePart, encodePart, type Found, mergeParts, type Part } from "../../../src/cli/sketch/part.js";
import { merge, sketch } from "../../../src/sketch/index.js";
import { expectError } from "../../helpers/errors.js";
import { normals } from "../../helpers/random.js";

const part = (name: string, seed: number, bins = 64): Part => ({
  names: [name],
  confusion: [
    [seed, 1],
    [0, 2 ** 40],
  ],
  summary: sketch("hinge", normals(3, seed), [0, 1, 1], { bins }),
});

async function* found(parts: readonly Part[]): AsyncGenerator<Found> {
  for (const [i, one] of parts.entries()) yield { part: one, from: `${i}.part` };
}

test("decodePart(encodePart(part), from) is the part, in one line", () => {
  const one = part("a b/ü", 1);
  const line = encodePart(one);
  expect(line).not.toContain("\n");
  expect(decodePart(line, "x")).toEqual(one);
});

test("decodePart refuses what is damaged, of another version, or no part", () => {
  const line = encodePart(part("a", 1));
  const whole = JSON.parse(line);
  const damaged = [
    { ...whole, names: ["b"] },
    { ...whole, confusion: [[1, 1], [0, 7]] }, // biome-ignore format: one line
    { ...whole, summary: encodePart(part("a", 2)) },
    { ...whole, sha256: undefined },
  ];
  for (const one of damaged) {
    expectError(() => decodePart(JSON.stringify(one), "a.part"), "data", /^a\.part is damaged: its checksum does not agree; count it/);
  }
  const later = JSON.stringify({ ...whole, format: "lovasz part 2" });
  expectError(() => decodePart(later, "a.part"), "data", /a\.part is "lovasz part 2", and this version of lovasz reads "lovasz part 1"/);
  for (const none of ["", "{}", "null", "[1]", "7", line.slice(1), line.slice(0, -1), JSON.stringify({ format: 1 })]) {
    expectError(() => decodePart(none, "a.part"), "data", /^a\.part is no part; expected a line that lovasz sketch count or merge wrote/);
  }
});

test("mergeParts is the same in any order, and is what merge gives", async () => {
  const parts = [part("c", 1), part("a", 2), part("b", 3), part("d", 4)];
  const expected = await mergeParts(found(parts));
  expect(expected?.names).toEqual(["a", "b", "c", "d"]);
  expect(expected?.confusion).toEqual([[10, 4], [0, 2 ** 42]]); // biome-ignore format: one line
  expect(expected?.summary).toEqual(merge(...parts.map(({ summary }) => summary)));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: 4 }), fc.nat(4), async (shuffled, at) => {
      const groups = [shuffled.slice(0, at), shuffled.slice(at)];
      const merged = (await Promise.all(groups.map((group) => mergeParts(found(group))))).filter((one) => one !== null);
      expect(encodePart((await mergeParts(found(merged))) as Part)).toBe(encodePart(expected as Part));
    }),
  );
  expect(await mergeParts(found([]))).toBeNull();
});

test("mergeParts refuses what is counted twice, and what does not belong together", async () => {
  const both = (await mergeParts(found([part("a", 1), part("b", 2)]))) as Part;
  const twice = mergeParts(found([both, part("c", 3), part("b", 2)]));
  await expect(twice).rejects.toThrow(/^part "b" is in 0\.part and in 2\.part; merge each part once, or pass other names with --name$/);
  await expect(mergeParts(found([part("a", 1), part("b", 1, 32)]))).rejects.toThrow(
    /1\.part does not belong to the parts before: .*32 bins/,
  );
});

test("checkComplete tells how many parts are missing or too many", () => {
  const one = part("a", 1);
  expect(checkComplete(one, undefined)).toBe(one);
  expect(checkComplete(one, 1)).toBe(one);
  expectError(() => checkComplete(one, 2), "data", /^there are 1 part, but --expect says 2; count the others; there are a$/);
  expectError(() => checkComplete({ ...one, names: ["a", "b"] }, 1), "data", /there are 2 parts, but --expect says 1; raise --expect/);
});
