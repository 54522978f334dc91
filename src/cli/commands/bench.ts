// `lovasz bench`: how fast this machine is.
import { cpus } from "node:os";
import { Command } from "commander";
import { counted } from "../../counted.js";
import { wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import { version } from "../version.js";

interface Options {
  rounds: number;
  json?: boolean;
}

/** The command, to be added to the program. */
export function benchCommand(io: Io): Command {
  return new Command("bench")
    .description("time the kernels, and the losses on each device of this machine")
    .option("--rounds <n>", "how often each is measured", wholeNumber(1, 1000), 9)
    .option("--json", 'print { "machine", "results" } and nothing else, times in milliseconds')
    .action(async ({ rounds, json }: Options) => {
      const [{ measure }, { milliseconds, nanoseconds, plusMinus }, { default: Table }] = await Promise.all([
        import("../bench/measure.js"),
        import("../bench/timing.js"),
        import("cli-table3"),
      ]);
      const results = [];
      for await (const row of measure(rounds)) results.push(row);
      const machine = `lovasz ${version}, ${cpus()[0]?.model ?? "unknown processor"}, ${counted(cpus().length, "core")}, Node ${process.version}`;
      if (json) {
        io.stdout.write(`${JSON.stringify({ machine, results })}\n`);
        return;
      }
      const head = ["what", "device", "one call", "spread", "per item"];
      const table = new Table({ head, colAligns: ["left", "left", "right", "right", "right"], style: { head: [], border: [] } });
      for (const { what, device, count, median, spread } of results) {
        table.push([what, device, milliseconds(median), plusMinus(spread), nanoseconds(median, count)]);
      }
      io.stdout.write(`${machine}\n${table.toString()}\nmedians of ${counted(rounds, "round")}, with copies in and out\n`);
    });
}
