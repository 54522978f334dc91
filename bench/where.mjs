// Where does the package run? Asks each engine that can be started here, and prints the table of docs/where.md; `--write` puts it there.
import { readFileSync, writeFileSync } from "node:fs";
import { enginesIn } from "./where/engines.mjs";

/** `--engines`: a folder with those of npm, as docs/where.md says. */
export const options = { engines: { type: "string" }, write: { type: "boolean", default: false } };

const title = "What runs where: losses and gradients as in float64, training, threads, and what else the engine has";
const PAGE = new URL("../docs/where.md", import.meta.url);

/** The table: [name, table]. */
export async function tables({ engines, write }) {
  const reasons = [];
  const trainings = new Set();
  async function* run() {
    const rows = [];
    for (const engine of enginesIn(engines)) {
      const version = await engine.version();
      if (!version) {
        reasons.push(`${engine.name} cannot be started here`);
        continue;
      }
      const answer = await engine.ask().catch((error) => ({ losses: error.message }));
      const name = `${engine.name} ${version}`;
      for (const [what, why] of Object.entries(answer)) if (typeof why === "string") reasons.push(`${name}, ${what}: ${why}`);
      trainings.add(JSON.stringify(answer.training));
      rows.push(rowOf(name, answer));
      yield rows.at(-1);
    }
    if (write) writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(/^\| engine[\s\S]*?\n(?!\|)/m, `${markdown(rows)}\n`));
  }
  return [
    [
      "where",
      {
        title,
        about: () => [
          ...reasons,
          `the losses of the training are ${trainings.size === 1 ? "the same to the bit" : "not the same"} in all engines`,
        ],
        run,
      },
    ],
  ];
}

function rowOf(engine, { losses, training, threads, webgpu, webgl2, shared, relaxed }) {
  return {
    engine,
    runs: inWord(losses === true && Array.isArray(training)),
    threads: inWord(threads),
    "shared memory": inWord(shared),
    WebGPU: inWord(webgpu),
    WebGL2: inWord(webgl2),
    "relaxed SIMD": inWord(relaxed),
  };
}

function inWord(answer) {
  if (answer?.renderer) return answer.software ? "in software" : answer.renderer;
  return answer === true ? "yes" : "no";
}

function markdown(rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const columns = Object.keys(rows[0]);
  return [line(columns), line(columns.map(() => "---")), ...rows.map((row) => line(Object.values(row)))].join("\n");
}
