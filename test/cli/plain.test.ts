import { expect, test } from "vitest";
import { plain } from "../../src/cli/plain.js";

test("plain leaves words alone, in any script", () => {
  expect(plain("Lovász, 雲.png: 3 %")).toBe("Lovász, 雲.png: 3 %");
});

test("plain lets nothing through that moves a cursor or begins a line", () => {
  expect(plain("a\nb\r\n\tc\u001b[2Jd\u009bHe\u0000")).toBe("a b c [2Jd He");
});

test("plain cuts what is endless", () => {
  expect(plain("x".repeat(1e6))).toHaveLength(1004);
});
