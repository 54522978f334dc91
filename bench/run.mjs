// npm run bench [-- QUESTION [PART ...] ...] [--json]: one table a question, each in its own file beside this one. A few have parts that can be
// chosen, as in `npm run bench -- training torch`: see PARTS.
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";

// all of them where none is named
const PARTS = { training: ["torch", "chromium"], memory: ["losses", "training"] };

const helpers = ["run.mjs", "random.mjs", "reference.mjs", "timing.mjs"];
const questions = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".mjs") && !helpers.includes(file))
  .map((file) => file.slice(0, -4));

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean", default: false } } });
const asked = questionsOf(positionals);
const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
const results = {};
const notes = {};
if (!values.json) console.log(machine);
for (const [name, parts] of asked) {
  const { title, about = () => [], run } = await import(`./${name}.mjs`);
  const rows = [];
  for await (const row of run(parts)) rows.push(row);
  [results[name], notes[name]] = [rows, about()];
  if (!values.json) print([title, ...notes[name]].join("\n"), rows);
}
if (values.json) console.log(JSON.stringify({ machine, notes, results }, null, 2));

// questions with their parts, in the order of `args`
function questionsOf(args) {
  const chosen = new Map();
  let question;
  for (const word of args) {
    if (PARTS[question]?.includes(word)) {
      chosen.get(question).push(word);
      continue;
    }
    if (!questions.includes(word)) fail(question, word);
    chosen.set(word, []);
    question = word;
  }
  if (chosen.size === 0) for (const name of questions) chosen.set(name, []);
  for (const [name, parts] of chosen) if (parts.length === 0) chosen.set(name, PARTS[name]);
  return chosen;
}

function fail(question, word) {
  const parts = PARTS[question] ? `, and ${question} has ${PARTS[question].join(", ")}` : "";
  console.error(`no benchmark ${word}; there are ${questions.join(", ")}${parts}`);
  process.exit(2);
}

function print(heading, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = new Table({ head: columns, style: { head: [], border: [] } });
  for (const row of rows) table.push(columns.map((column) => row[column] ?? ""));
  console.log(`\n${heading}\n${table}`);
}
