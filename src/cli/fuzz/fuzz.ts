// A whole call of `lovasz fuzz`: checks a loss against the laws.
import { counted } from "../../counted.js";
import type { Honoured, Kind, LawName, LawResult, LossUnderTest, Need } from "../../fuzz/index.js";
import { LovaszError } from "../../index.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { writeWhole } from "../writeWhole.js";
import type { Head } from "./lines.js";
import { type LossOptions, openLoss } from "./openLoss.js";
import { causesInWords, forPrograms, lineOf } from "./report.js";

/** The options of the command. */
export interface FuzzOptions extends LossOptions {
  kind?: Kind;
  runs: number;
  seed?: number;
  honours?: Honoured[];
  needs?: Need[];
  classes?: "present" | "all";
  only?: LawName[];
  skip?: LawName[];
  json?: boolean;
  test?: string[];
}

/** Carries out a call. Throws `WrongCall`, and `LovaszError` where a law is broken, or the loss cannot be loaded. */
export async function fuzz(module: string | undefined, options: FuzzOptions, io: Io): Promise<void> {
  const { kind: asked, runs, seed, only, skip, json, test, ...which } = options;
  if (asked === undefined)
    throw new WrongCall(
      "required option '--kind <kind>' not specified; pass hinge, sigmoid, softmax, softmax-logits, dice, jaccard or tversky",
    );
  const file = test && testOption(test, module, options);
  const { name, loss, head, atOnce, close, exported } = await openLoss(module, which);
  try {
    const { checkLoss } = await import("../../fuzz/index.js");
    const onLaw = (result: LawResult) => json || io.stdout.write(`${lineOf(result)}\n`);
    const kind = kindOf(asked, head);
    // what the call says of the loss goes before what its program says
    const [honours, needs] = [options.honours ?? head.honours, options.needs ?? head.needs];
    const [classes, precision] = [options.classes ?? head.classes, options.precision ?? head.precision];
    const settings = { honours, needs, classes, precision };
    const result = await checkLoss(loss, { kind, runs, seed, only, skip, atOnce, onLaw, ...settings });
    if (json) io.stdout.write(`${forPrograms({ kind, ...settings }, result)}\n`);
    else if (!result.ok) io.stdout.write(`\n${causesInWords(result, module !== undefined)}\n`);
    if (result.ok) return;
    const broken = result.laws.filter(({ ok }) => !ok);
    if (file) writeWhole(file, await testFile(broken, loss, { module, exported, file, options: { ...options, precision } }));
    const count = `${broken.length} of ${counted(result.laws.length, "law")}`;
    throw new LovaszError("data", `${name} breaks ${count} of kind ${kind}; --seed ${result.seed} repeats the cases`);
  } finally {
    close();
  }
}

/** The kind of the loss; a softmax of logits says so in the first line of its program. */
function kindOf(asked: Kind, { input }: Head): Kind {
  if (input === undefined || (input === "logits") === (asked !== "softmax")) return asked;
  if (asked === "softmax") return "softmax-logits";
  throw new WrongCall(`--kind ${asked} is of logits, but the loss says that it takes probabilities; pass softmax, or give it logits`);
}

/** The file that --test names. */
function testOption([runner, file, ...more]: readonly string[], module: string | undefined, { python }: FuzzOptions): string {
  const runners = ["vitest", "pytest"];
  if (!runners.includes(runner) || file === undefined || more.length > 0) {
    throw new WrongCall(`--test is "${[runner, file, ...more].filter(Boolean).join(" ")}", expected vitest or pytest, and a file`);
  }
  const isFor = runner === "vitest" ? module : python;
  if (isFor !== undefined) return file;
  throw new WrongCall(`--test ${runner} is for ${runner === "vitest" ? "a module in JavaScript" : "--python"}; leave it out`);
}

async function testFile(
  broken: readonly LawResult[],
  loss: LossUnderTest,
  { module, exported, file, options }: { module?: string; exported: string; file: string; options: FuzzOptions },
): Promise<string> {
  const { python = "", torch = false, precision = "float32" } = options;
  const { pytestFile, vitestFile } = await import("./testFile.js");
  return module === undefined ? pytestFile(broken, loss, { target: python, torch, precision }) : vitestFile(broken, module, exported, file);
}
