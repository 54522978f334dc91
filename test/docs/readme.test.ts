import { describe, expect, test } from "vitest";
import { printed, snippetsOf } from "./snippets.js";

const files = [
  "README.md",
  "docs/howto/logits.md",
  "docs/howto/threads.md",
  "docs/howto/trainers.md",
  "docs/networks.md",
  "docs/onnx.md",
  "docs/pytorch.md",
  "docs/scale.md",
  "docs/training.md",
];

describe.each(files)("%s", (file) => {
  const snippets = snippetsOf(file);

  test("shows what its snippets print", () => expect(snippets.some(({ output }) => output !== null)).toBe(true));

  test.each(snippets)("runs the snippet of line $line", async ({ code, output }) => {
    const came = await printed(code);
    if (output !== null) expect(came).toBe(output);
  });
});
