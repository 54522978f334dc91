// npm run bench [-- QUESTION ...] [--json]: one table a question, each in its own file beside this one.
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";

const helpers = ["run.mjs", "random.mjs", "reference.mjs", "timing.mjs"];
const questions = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".mjs") && !helpers.includes(file))
  .map((file) => file.slice(0, -4));

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean", default: false } } });
const unknown = positionals.filter((name) => !questions.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are ${questions.join(", ")}`);
  process.exit(2);
}

const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
const results = {};
if (!values.json) console.log(machine);
for (const name of positionals.length > 0 ? positionals : questions) {
  const { title, run } = await import(`./${name}.mjs`);
  const rows = [];
  for await (const row of run()) rows.push(row);
  results[name] = rows;
  if (!values.json) print(title, rows);
}
if (values.json) console.log(JSON.stringify({ machine, results }, null, 2));

function print(title, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => row[column] ?? ""));
  console.log(`\n${title}\n${table}`);
}
