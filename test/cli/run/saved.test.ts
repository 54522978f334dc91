import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { howToGoOn, saved } from "../../../src/cli/run/saved.js";

test("saved names the report, and the folder where it is not the one that was asked for", () => {
  const report = `report: ${join("a", "report.html")}\n`;
  expect(saved(resolve("a"), null)).toBe(report);
  expect(saved(resolve("a"), resolve("a"))).toBe(report);
  expect(saved(resolve("a-2"), resolve("a"))).toBe(
    `${resolve("a")} was taken while this run was under way; its results are in ${resolve("a-2")}\nreport: ${join("a-2", "report.html")}\n`,
  );
});

test("howToGoOn names the call", () => {
  expect(howToGoOn(resolve("runs", "a"))).toBe(`to continue: lovasz train --resume ${join("runs", "a")}\n`);
  expect(howToGoOn(resolve("."))).toBe("to continue: lovasz train --resume .\n");
  expect(howToGoOn(resolve("my run"))).toBe('to continue: lovasz train --resume "my run"\n');
  expect(howToGoOn(resolve("-dash"))).toBe("to continue: lovasz train --resume ./-dash\n");
});
