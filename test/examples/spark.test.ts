// Logits in files, counted and merged on Spark, have the loss of one process. Needs pyspark with Java, and `npm run build`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sketch, weigh } from "../../src/sketch/index.js";
import { temporaryFolder } from "../cli/helpers/files.js";
import { npy } from "../cli/helpers/npy.js";
import { pythonWith } from "../helpers/python.js";
import { integers, normals } from "../helpers/random.js";
import { hasTool } from "../helpers/tool.js";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const python = pythonWith(["pyspark"], "examples/spark");
const present = python !== undefined && hasTool("java", ["-version"], "apt install openjdk-17-jre-headless");

describe.skipIf(!present)("examples/spark", { timeout: 240_000 }, () => {
  test("has the loss of one process, to the bit, whatever partition counts what", () => {
    const folder = temporaryFolder();
    const chunks = [0, 1, 2, 3, 4].map((i) => {
      const [logits, labels] = [normals(60, i + 1), Uint8Array.from(integers(20, 3, i + 1))];
      writeFileSync(join(folder, `values-${i}.npy`), npy(logits, "<f4", [1, 3, 4, 5]));
      writeFileSync(join(folder, `labels-${i}.npy`), npy(labels, "|u1", [1, 4, 5]));
      return { logits, labels };
    });
    const logits = Float32Array.from(chunks.flatMap((chunk) => [...chunk.logits]));
    const labels = chunks.flatMap((chunk) => [...chunk.labels]);
    const { value } = weigh(sketch("softmax", logits, labels, { shape: [5, 3, 4, 5] }));
    // one partition is empty
    const args = [path("examples/spark/evaluate.py"), "--kind", "softmax", "--folder", folder, "--partitions", "6"];
    const env = { ...process.env, LOVASZ: `${process.execPath} ${path("dist/cli.js")}` };
    const out = execFileSync(python as string, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    expect(JSON.parse(out)).toEqual({ kind: "softmax", loss: value, bound: 2 ** -16, pixels: 100, parts: 5 });
  });
});
