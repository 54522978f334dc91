// Trains a small model of js-pytorch to find water, once under its own cross-entropy, once under Lovász-Softmax, once under
// their sum.
//
//   npm run build && node examples/js-pytorch.mjs
import { torch } from "js-pytorch";
import { torchLosses } from "lovasz/js-pytorch";
import { FEATURES, isMain, pixelsOf, print, readWater, stepsPerSecond, uniform, waterIoU } from "./water.mjs";

const { nn, optim } = torch;

// forward(outputs, labels), like the losses of js-pytorch; class 1, the water, is the one that counts
const lovasz = torchLosses(torch).lovaszSoftmax({ classes: [1] });
const crossEntropy = new nn.CrossEntropyLoss();

const LOSSES = {
  "cross-entropy": (outputs, labels) => crossEntropy.forward(outputs, labels),
  "Lovász-Softmax": (outputs, labels) => lovasz.forward(outputs, labels),
  "their sum": (outputs, labels) => crossEntropy.forward(outputs, labels).add(lovasz.forward(outputs, labels)),
};

// The Lovász-Softmax loss of class 1 in js-pytorch's own operators, which have no sort: plain JavaScript orders the errors, as
// the weights of the sorted pixels are constants of the gradient.
export function lovaszOfOperators(outputs, labels) {
  const n = labels.length;
  const powers = torch.exp(outputs);
  const water = powers.div(powers.sum(1, true)).at([...Array(n).keys()], Array(n).fill(1));
  const signs = labels.data.map((label) => 1 - 2 * label);
  const errors = water.mul(torch.tensor(signs)).add(labels);
  const order = [...Array(n).keys()].sort((i, j) => errors.data[j] - errors.data[i]);
  const positives = labels.data.reduce((sum, label) => sum + label, 0);
  let [hits, misses, before] = [0, 0, 0];
  const weights = order.map((i) => {
    if (labels.data[i] === 1) hits += 1;
    else misses += 1;
    const jaccard = 1 - (positives - hits) / (positives + misses);
    const weight = jaccard - before;
    before = jaccard;
    return weight;
  });
  return errors.at(order).mul(torch.tensor(weights)).sum();
}

class Net extends nn.Module {
  constructor() {
    super();
    this.hidden = new nn.Linear(FEATURES, 16);
    this.relu = new nn.ReLU();
    this.last = new nn.Linear(16, 2);
    // js-pytorch draws a start that differs from run to run: here every loss begins from the same
    const draw = uniform(1);
    for (const layer of [this.hidden, this.last]) {
      layer.W._data = layer.W.data.map((row, _, { length }) => row.map(() => (2 * draw() - 1) * Math.sqrt(3 / length)));
    }
  }

  forward(x) {
    return this.last.forward(this.relu.forward(this.hidden.forward(x)));
  }
}

const rows = ({ features, labels }) => ({
  x: torch.tensor(Array.from(labels, (_, i) => [...features.subarray(FEATURES * i, FEATURES * (i + 1))])),
  y: torch.tensor([...labels]),
});

function step(model, optimizer, loss, { x, y }) {
  loss(model.forward(x), y).backward();
  optimizer.step();
  optimizer.zero_grad();
}

/** Trains for `steps` under each loss; IoU and speed by loss. `every`: one pixel in so many is used. */
export async function run({ steps = 120, every = 128, rounds = 5 } = {}) {
  const { training, validation } = await readWater();
  const seen = rows(pixelsOf(training, every));
  const unseen = pixelsOf(validation, 8);
  const { x } = rows(unseen);
  /** @type {Record<string, number>} */
  const ious = {};
  for (const [name, loss] of Object.entries(LOSSES)) {
    const model = new Net();
    const optimizer = new optim.Adam(model.parameters(), 0.02);
    for (let i = 0; i < steps; i++) step(model, optimizer, loss, seen);
    const logits = model.forward(x).data.map(([land, water]) => water - land);
    ious[name] = waterIoU(logits, unseen.labels);
  }
  const timed = (loss) => {
    const model = new Net();
    const optimizer = new optim.Adam(model.parameters(), 0.02);
    return () => step(model, optimizer, loss, seen);
  };
  const speeds = await stepsPerSecond(
    { "Lovász-Softmax": timed(LOSSES["Lovász-Softmax"]), "the same in js-pytorch's operators": timed(lovaszOfOperators) },
    rounds,
  );
  return { ious, speeds };
}

if (isMain(import.meta.url)) print("js-pytorch", await run());
