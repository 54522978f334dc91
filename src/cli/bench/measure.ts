// What `lovasz bench` measures: the kernels that training spends its time in, and the losses on every device of this machine.
import { conv2d, type Device, lovaszHinge, lovaszSoftmax, matmul, nn, openDevice, optim, randn, tensor, tidy } from "../../index.js";
import { normal, uniform } from "../../random.js";
import { compare, type Entry, type Summary } from "./timing.js";

export interface Measured extends Summary {
  what: string;
  device: string;
  /** Pixels, values or multiplications in one call. */
  count: number;
}

/** Yields one result after another, each measured in `rounds` rounds. */
export async function* measure(rounds: number): AsyncGenerator<Measured> {
  yield* rows("wasm", kernels(), rounds);
  for (const name of ["wasm", "threads", "gpu"] as const) {
    const device = await openDevice(name).catch(() => null);
    if (!device) continue;
    yield* rows(name, losses(device), rounds);
    await device.close();
  }
}

type Tasks = Record<string, { run: Entry; count: number }>;

async function* rows(device: string, tasks: Tasks, rounds: number): AsyncGenerator<Measured> {
  for (const [what, { run, count }] of Object.entries(tasks)) {
    const { it } = await compare({ it: run }, { rounds });
    yield { what, device, count, ...it };
  }
}

function kernels(): Tasks {
  const [a, b] = [randn([512, 512], { seed: 1 }), randn([512, 512], { seed: 2 })];
  const [image, weight] = [randn([4, 16, 128, 128], { seed: 3 }), randn([16, 16, 3, 3], { seed: 4 })];
  return {
    "matmul 512x512": { run: () => tidy(() => void matmul(a, b)), count: 512 ** 3 },
    "conv2d 16-16, 3x3, 4x128x128": { run: () => tidy(() => void conv2d(image, weight, null, { padding: 1 })), count: image.size * 16 * 9 },
    "step of a U-Net, width 8, 4x128x128": { run: trainingStep(), count: 4 * 128 * 128 },
  };
}

function trainingStep(): () => void {
  const [pixels, labels] = [numbers(4 * 3 * 128 * 128, 5), classes(4 * 128 * 128, 2, 6)];
  const network = new nn.UNet({ seed: 1 });
  const optimizer = new optim.Adam(network.parameters(), { lr: 1e-3 });
  return () =>
    tidy(() => {
      optimizer.zeroGrad();
      lovaszHinge(network.forward(tensor(pixels, [4, 3, 128, 128])), labels).backward();
      optimizer.step();
    });
}

function losses(device: Device): Tasks {
  const [side, many] = [512, 21];
  const pixels = side * side;
  const [logits, labels] = [numbers(pixels, 7), classes(pixels, 2, 8)];
  const [planes, classMap] = [numbers(many * pixels, 9), classes(pixels, many, 10)];
  const shape = [1, many, side, side];
  const [out, planesOut] = [new Float32Array(pixels), new Float32Array(many * pixels)];
  const hinge = (method: "sort" | "histogram") => () => device.valueAndGrad(lovaszHinge, logits, labels, { method, out });
  const softmax = (method: "sort" | "histogram") => () =>
    device.valueAndGrad(lovaszSoftmax, planes, classMap, { method, shape, out: planesOut });
  return {
    "hinge 512x512, exact": { run: hinge("sort"), count: pixels },
    "hinge 512x512, histogram": { run: hinge("histogram"), count: pixels },
    "softmax 21x512x512, exact": { run: softmax("sort"), count: many * pixels },
    "softmax 21x512x512, histogram": { run: softmax("histogram"), count: many * pixels },
    "sort of 262,144 values": { run: () => device.sort(logits), count: pixels },
  };
}

function numbers(n: number, seed: number): Float32Array {
  return Float32Array.from({ length: n }, normal(seed));
}

function classes(n: number, count: number, seed: number): Uint8Array {
  const next = uniform(seed);
  return Uint8Array.from({ length: n }, () => Math.floor(count * next()));
}
