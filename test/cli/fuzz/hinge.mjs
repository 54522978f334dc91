// A Lovász hinge that speaks the protocol of `lovasz fuzz --exec`. Its argument says what is wrong with it.
import { createInterface } from "node:readline";

const [fault = ""] = process.argv.slice(2);
const heads = {
  probabilities: '{"lovasz":1,"input":"probabilities"}',
  "needs a positive": '{"lovasz":1,"honours":["perImage"],"needs":["foreground"]}',
  "in half": '{"lovasz":1,"honours":["ignore","perImage"],"precision":"float16"}',
  "no head": "hello",
  "other version": '{"lovasz":2}',
  "other field": '{"lovasz":1,"honors":[]}',
};
if (fault === "no start") process.exit(3);
if (fault !== "silent") console.log(heads[fault] ?? '{"lovasz":1,"honours":["ignore","perImage"],"input":"logits"}');

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, values, labels, options } = JSON.parse(line);
  if (fault === "crashes" && values.length > 2) process.kill(process.pid, "SIGKILL");
  if (fault === "ends" && values.length > 2) process.exit(7);
  if (fault === "hangs" && values.length > 2) for (;;);
  if (fault === "prints") console.log("a number:", id);
  if (fault === "other number") console.log(JSON.stringify({ id: id + 1, value: 0, grad: [] }));
  if (fault === "needs a positive" && !labels.includes(1)) console.log(JSON.stringify({ id, error: "no positive" }));
  else if (fault === "throws") console.log(JSON.stringify({ id, error: "TypeError: no" }));
  else if (fault === "bare NaN") console.log(`{"id":${id},"value":NaN,"grad":[-Infinity, 1]}`);
  else if (fault === "NaN") console.log(`{"id":${id},"value":"NaN","grad":["-Infinity",1]}`);
  else console.log(JSON.stringify({ id, ...hinge(values, labels, fault === "no ignore" ? { ...options, ignore: undefined } : options) }));
});

function hinge(values, labels, { shape, ignore, perImage = true }) {
  const images = perImage && shape.length > 1 ? shape[0] : 1;
  const count = values.length / images;
  const grad = values.map(() => 0);
  let value = 0;
  for (let image = 0; image < images; image++) {
    const all = Array.from({ length: count }, (_, i) => image * count + i).filter((i) => labels[i] !== ignore);
    const positives = all.filter((i) => labels[i] === 1).length;
    const sign = (i) => (labels[i] === 1 ? 1 : -1);
    const error = (i) => 1 - sign(i) * values[i];
    let [pb, nb] = [0, 0];
    for (const [rank, i] of all.sort((a, b) => error(b) - error(a)).entries()) {
      const isFirst = rank === 0 ? 1 : 0;
      const negative = positives === 0 ? isFirst : (positives - pb) / ((positives + nb) * (positives + nb + 1));
      const weight = labels[i] === 1 ? 1 / (positives + nb) : negative;
      if (labels[i] === 1) pb++;
      else nb++;
      if (error(i) <= 0) continue;
      value += (weight * error(i)) / images;
      grad[i] = (-sign(i) * weight * (fault === "in half" ? 1.001 : 1)) / images;
    }
  }
  return { value, grad };
}
