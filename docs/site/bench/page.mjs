// The page that measures speed in the browser of its visitor, shows it as a table with bars, and gives a link that carries the numbers.
import { CONTENDERS, TASKS } from "./contenders.mjs";

const element = (id) => document.getElementById(id);
const LIMIT = 120_000;

/** What was measured: `machine` in words, and for each contender its rows, or why there are none. */
let report = { machine: machine(), contenders: {} };

element("about").textContent = `This browser: ${report.machine}.`;
const boxes = CONTENDERS.map((contender) => {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: contender.isOwn ?? false });
  const label = document.createElement("label");
  label.append(box, ` ${contender.name}`);
  element("contenders").append(label);
  return { contender, box };
});
element("measure").onclick = () => measure(boxes.filter(({ box }) => box.checked).map(({ contender }) => contender));
readLink();

function machine() {
  const version = /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;
  const cores = `${navigator.hardwareConcurrency} cores`;
  return [version, navigator.userAgentData?.platform ?? navigator.platform, cores, isolation()].join(", ");
}

function isolation() {
  return crossOriginIsolated ? "threads with shared memory" : "one thread, as this site sends no headers of isolation";
}

async function measure(contenders) {
  element("measure").disabled = true;
  report = { machine: machine(), contenders: {} };
  for (const contender of contenders) {
    element("status").textContent = `Measuring ${contender.name}`;
    report.contenders[contender.name] = await resultOf(contender);
    show();
  }
  element("status").textContent = `Done. ${agreement()}`;
  element("measure").disabled = false;
  const link = new URL(location.href);
  link.hash = encodeURIComponent(JSON.stringify(report));
  element("link").replaceChildren(
    "These numbers as a link: ",
    Object.assign(document.createElement("a"), { href: link, textContent: "copy it" }),
  );
}

function resultOf({ needsIsolation, ...contender }) {
  if (needsIsolation && !crossOriginIsolated) return { error: "this page has no shared memory" };
  const worker = new Worker(new URL("./contender.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    const end = (result) => {
      clearTimeout(timer);
      worker.terminate();
      resolve(result);
    };
    const timer = setTimeout(() => end({ error: `no answer within ${LIMIT / 1000} s` }), LIMIT);
    worker.onmessage = ({ data }) => end(data);
    worker.onerror = ({ message }) => end({ error: message || "its worker could not be loaded" });
    worker.postMessage(contender);
  });
}

// numbers that somebody else has measured
function readLink() {
  if (location.hash.length < 2) return;
  try {
    const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    report = { machine: String(given.machine), contenders: given.contenders };
    element("about").textContent = `Measured elsewhere, with ${report.machine}.`;
    show();
  } catch {
    element("status").textContent = "The link carries no numbers.";
  }
}

// they all compute one loss of one picture
function agreement() {
  const values = Object.values(report.contenders).flatMap(({ value }) => (Number.isFinite(value) ? [value] : []));
  const isOne = values.every((value) => Math.abs(value - values[0]) < 1e-3 * values[0]);
  return isOne ? "All of them find the same loss, to a thousandth." : `They find losses that differ: ${values.join(", ")}.`;
}

function show() {
  const tables = Object.entries(TASKS).map(([task, title]) => {
    const rows = Object.entries(report.contenders).map(([name, { rows, error }]) => ({ name, ...(error ? { error } : rows[task]) }));
    const slowest = Math.max(...rows.map(({ median = 0 }) => median));
    return tableOf(title, rows, slowest);
  });
  element("results").replaceChildren(...tables);
}

function tableOf(title, rows, slowest) {
  const table = document.createElement("table");
  const caption = table.createCaption();
  caption.textContent = title;
  for (const { name, median, spread, error } of rows) {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    const number = row.insertCell();
    number.className = "number";
    const isKnown = Number.isFinite(median);
    number.textContent = isKnown ? `${median.toFixed(median < 10 ? 2 : 0)} ms ± ${(100 * spread).toFixed(0)} %` : (error ?? "not measured");
    const bar = row.insertCell();
    bar.className = "bar";
    if (isKnown) bar.append(Object.assign(document.createElement("meter"), { max: slowest, value: median }));
  }
  return table;
}
