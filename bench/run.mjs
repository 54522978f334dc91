// npm run bench [-- QUESTION [PART ...] ...] [--json]: each question in its own file beside this one, a table or several parts with one each,
// which can be chosen, as in `npm run bench -- training torch`. A question may have options of its own, and parts that follow from them.
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import Table from "cli-table3";

const helpers = ["run.mjs", "random.mjs", "reference.mjs", "timing.mjs"];
// takes minutes and more
const ONLY_IF_ASKED = ["fuzzing", "learning", "paint", "pictures", "scale", "where"];
const questions = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".mjs") && !helpers.includes(file))
  .map((file) => file.slice(0, -4));

const { values, positionals } = await read(process.argv.slice(2));
const tables = await tablesOf(positionals.length > 0 ? positionals : questions.filter((one) => !ONLY_IF_ASKED.includes(one)));
const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
const results = {};
const notes = {};
if (!values.json) console.log(machine);
for (const [name, { title, about = () => [], run }] of tables) {
  const rows = [];
  for await (const row of run()) rows.push(row);
  [results[name], notes[name]] = [rows, await about()];
  if (!values.json) print([title, ...notes[name]].join("\n"), rows);
}
if (values.json) console.log(JSON.stringify({ machine, notes, results }, null, 2));

// the arguments, by the options of run.mjs and of the questions among them
async function read(args) {
  const asked = questions.filter((question) => args.includes(question));
  const modules = await Promise.all(asked.map((question) => import(`./${question}.mjs`)));
  const options = Object.assign({ json: { type: "boolean", default: false } }, ...modules.map((module) => module.options));
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

// [name, module] of each table asked for
async function tablesOf(words) {
  const asked = [];
  const rest = [...words];
  let known = questions;
  while (rest.length > 0) {
    const question = rest.shift();
    if (!questions.includes(question)) fail(question, known);
    const module = await import(`./${question}.mjs`);
    known = [...questions, ...(module.run || module.tables ? [] : Object.keys(module))];
    if (module.run) asked.push([question, module]);
    if (module.tables) asked.push(...(await module.tables(values)));
    if (module.run || module.tables) continue;
    const chosen = [];
    while (module[rest[0]]) chosen.push(rest.shift());
    for (const part of chosen.length > 0 ? chosen : Object.keys(module)) asked.push([`${question} ${part}`, module[part]]);
  }
  return asked;
}

function fail(word, known) {
  console.error(`no benchmark ${word}; there are ${known.join(", ")}`);
  process.exit(2);
}

function print(heading, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = new Table({ head: columns, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(columns.map((column) => row[column] ?? ""));
  console.log(`\n${heading}\n${table}`);
}
