import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { encodePng } from "../../src/cli/encodePng.js";
import { uniform } from "../../src/random.js";

describe("encodePng", () => {
  test.each([
    [1, 1, 1, 255],
    [7, 5, 3, 255],
    [7, 5, 1, 65535],
    [30, 20, 3, 65535],
  ] as const)("writes %i x %i pixels of %i channels up to %i as they are read", (width, height, channels, white) => {
    const next = uniform(1);
    const values = Array.from({ length: width * height * channels }, () => Math.floor((white + 1) * next()));
    // not at the begin of its buffer
    const data = (white > 255 ? Uint16Array : Uint8Array).from([9, ...values]).subarray(1);
    const read = decode(encodePng({ width, height, channels, data }, "lovasz test"), { checkCrc: true });
    expect(read).toMatchObject({ width, height, channels, depth: white > 255 ? 16 : 8, text: { Software: "lovasz test" } });
    expect([...read.data]).toEqual(values);
  });
});
