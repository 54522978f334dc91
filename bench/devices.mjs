// What the workers gain, and what the choice among devices costs: wasm, threads and auto, losses and gradients, copies included.
import { lovaszHinge, lovaszSoftmax, openDevice } from "../dist/index.js";
import { binaryLabels, classLabels, normals } from "./random.mjs";
import { compare, milliseconds, plusMinus } from "./timing.mjs";

export const title = "One thread, two workers, and the device that chooses: loss and gradient";

const sorting = (n) => ({ name: `sort ${n.toLocaleString("en")}`, values: normals(n, 1) });

const images = (count, side) => ({
  name: `hinge ${count}x${side}x${side}`,
  loss: lovaszHinge,
  input: normals(count * side * side, 2),
  labels: binaryLabels(count * side * side, 0.3, 3),
  shape: [count, side, side],
});

const classes = (count, side) => ({
  name: `softmax ${count}x${side}x${side}`,
  loss: lovaszSoftmax,
  input: normals(count * side * side, 4),
  labels: classLabels(side * side, count, 5),
  shape: [1, count, side, side],
});

// what the choice costs below and around the threshold, by the numbers of an input: measured beside wasm alone, for workers that
// were just busy slow down whatever comes after them
const small = [10, 12, 14, 16, 18].flatMap((power) => [
  { ...images(4, 2 ** (power / 2 - 1)), name: `hinge of 2^${power}` },
  { ...classes(4, 2 ** (power / 2 - 1)), name: `softmax of 2^${power}` },
]);

const cases = [
  () => images(1, 64),
  () => images(4, 64),
  () => images(4, 256),
  () => images(8, 512),
  () => images(1, 512),
  () => classes(21, 32),
  () => classes(21, 128),
  () => classes(21, 512),
  () => sorting(2 ** 14),
  () => sorting(2 ** 20),
];

export async function* run() {
  const devices = {
    wasm: await openDevice("wasm"),
    threads: await openDevice("threads", { workers: 2, least: 0 }),
    auto: await openDevice("auto", { workers: 2 }),
  };
  // its workers started, and measured
  await devices.auto.valueAndGrad(lovaszHinge, normals(2 ** 16, 6), binaryLabels(2 ** 16, 0.3, 7));
  for (const { name, loss, input, labels, shape } of small) {
    const out = new Float32Array(input.length);
    const call = (device) => () => device.valueAndGrad(loss, input, labels, { shape, out });
    const { wasm, auto } = await compare({ wasm: call(devices.wasm), auto: call(devices.auto) }, { rounds: 31, least: 5 });
    yield row(name, { wasm, auto });
  }
  for (const make of cases) {
    const { name, loss, input, labels, shape, values } = make();
    const out = input && new Float32Array(input.length);
    const call = (device) => (values ? device.sort(values) : device.valueAndGrad(loss, input, labels, { shape, out }));
    const entries = Object.fromEntries(Object.entries(devices).map(([of, device]) => [of, () => call(device)]));
    const before = { ...devices.auto.info.calls };
    const times = await compare(entries, { rounds: 11 });
    const { calls } = devices.auto.info;
    yield { ...row(name, times), chose: Object.keys(calls).find((of) => calls[of] > before[of]) };
  }
  await Promise.all(Object.values(devices).map((device) => device.close()));
}

function row(call, { wasm, threads, auto }) {
  const time = ({ median, spread }) => `${milliseconds(median)} ${plusMinus(spread)}`;
  return {
    call,
    wasm: time(wasm),
    "2 workers": threads ? time(threads) : "",
    "workers' speed": threads ? (wasm.median / threads.median).toFixed(2) : "",
    auto: time(auto),
    "auto's speed": (wasm.median / auto.median).toFixed(2),
  };
}
