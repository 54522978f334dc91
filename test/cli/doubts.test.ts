import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { tellDoubts } from "../../src/cli/doubts.js";

test("each doubt is a line on standard error, whatever it holds", () => {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const stdin = Readable.from([]);
  tellDoubts(["one", "two\n\u001b[2J"], { stdin, stdout: stream, stderr: stream as unknown as NodeJS.WriteStream });
  expect(lines).toEqual(["warning: one\n", "warning: two [2J\n"]);
});
