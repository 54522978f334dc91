// The pages of docs/howto/ that show programs of examples/.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

describe.each(["worker", "page"])("docs/howto/%s.md", (name) => {
  const text = readFileSync(`docs/howto/${name}.md`, "utf8");
  const shown = [...text.matchAll(/^.*`(\S+)`:\n\n```(?:js|html)\n([\s\S]*?)^```$/gm)].map(([, file, code]) => [file, code]);

  test("shows every file of the program, as it is", () => {
    const files = readdirSync(`examples/${name}`).map((file) => [file, readFileSync(`examples/${name}/${file}`, "utf8")]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(files));
  });
});
