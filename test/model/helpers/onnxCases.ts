// Models to be exported, with pictures and what our network makes of them.
import { nn, noGrad, tensor, tidy } from "../../../src/index.js";
import type { ModelLike } from "../../../src/model/model.js";
import type { Normalisation } from "../../../src/model/normalisation.js";
import { pixelsOf } from "../../../src/model/pixels.js";
import { normals } from "../../helpers/random.js";
import { noiseSample, plainSample } from "./samples.js";

export interface OnnxCase {
  readonly name: string;
  readonly build: () => nn.Module;
  readonly normalisation?: Normalisation;
  /** The size of the pictures; 2 of 19 x 13 by default. */
  readonly size?: readonly [batch: number, height: number, width: number];
}

/** Numbers and their shape. */
export interface Numbers {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

type UNetOptions = ConstructorParameters<typeof nn.UNet>[0];

const unet = (options: UNetOptions, more: Partial<OnnxCase> = {}): OnnxCase => ({
  name: `UNet ${JSON.stringify(options)} ${JSON.stringify(more)}`,
  build: () => new nn.UNet({ width: 4, seed: 3, ...options }),
  ...more,
});

const fastScnn = (outChannels: number, size: OnnxCase["size"]): OnnxCase => ({
  name: `FastSCNN ${outChannels} ${size}`,
  build: () => new nn.FastSCNN({ width: 4, outChannels, seed: 3 }),
  size,
});

// between two convolutions, so that its input has both signs and more than three channels
const layer = (name: string, make: () => nn.Module, size?: OnnxCase["size"]): OnnxCase => ({
  name: `layer ${name}`,
  build: () => new nn.Sequential(new nn.Conv2d(3, 6, 3, { padding: 1, seed: 1 }), make(), new nn.Conv2d(6, 2, 1, { seed: 2 })),
  size,
});

const conv = (name: string, options: ConstructorParameters<typeof nn.Conv2d>[3], size = 3) =>
  layer(`Conv2d ${size} ${name}`, () => new nn.Conv2d(6, 6, size, { seed: 4, ...options }));

// one that halves planes, before `after`
const halved = (...after: nn.Module[]) => new nn.Sequential(new nn.Conv2d(6, 6, 3, { stride: 2, padding: 1, seed: 5 }), ...after);
const even = [2, 12, 8] as const;

const transposed = (kernel: number, options: ConstructorParameters<typeof nn.ConvTranspose2d>[3]) =>
  layer(
    `ConvTranspose2d ${kernel} ${JSON.stringify(options)}`,
    () => halved(new nn.ConvTranspose2d(6, 6, kernel, { seed: 6, ...options })),
    even,
  );
const upsample = (options: ConstructorParameters<typeof nn.Upsample>[0], size: OnnxCase["size"] = even) =>
  layer(`Upsample ${JSON.stringify(options)} ${size}`, () => halved(new nn.Upsample(options)), size);

const norms = ["none", "group", "batch"] as const;
const upsamples = ["nearest", "bilinear", "transposed"] as const;
const normalisations: readonly Normalisation[] = ["picture", "none", { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }];

export const onnxCases: readonly OnnxCase[] = [
  ...norms.flatMap((norm) => upsamples.map((one) => unet({ norm, upsample: one }))),
  ...[1, 2, 4, 5].map((levels) => unet({ levels, norm: "group", upsample: "bilinear", outChannels: levels }, { size: [1, 21, 34] })),
  ...normalisations.map((normalisation) => unet({ levels: 2, norm: "group" }, { normalisation })),
  unet({ levels: 3, width: 6, norm: "group", dropout: 0.5 }, { size: [1, 1, 1] }),
  unet({ norm: "batch" }, { size: [3, 32, 16] }),
  fastScnn(1, [2, 90, 70]),
  fastScnn(3, [1, 20, 260]),
  fastScnn(2, [1, 256, 224]),
  conv("", {}, 1),
  conv("padding", { padding: 1, bias: false }),
  conv("same", { padding: "same" }, 4),
  conv("dilation", { padding: "same", dilation: 3 }, 2),
  conv("dilation 2", { padding: 2, dilation: 2 }),
  conv("groups", { padding: 1, groups: 3 }),
  conv("depthwise", { padding: 1, groups: 6 }),
  transposed(2, { stride: 2 }),
  transposed(4, { stride: 2, padding: 1, bias: false }),
  transposed(3, { stride: 2, padding: 1, outputPadding: 1 }),
  upsample({ scale: 2 }),
  upsample({ scale: 2, mode: "bilinear" }),
  upsample({ scale: 2, mode: "bilinear", alignCorners: true }),
  upsample({ scale: 2, mode: "bilinear", alignCorners: true }, [1, 2, 6]),
  layer("Upsample 3", () => new nn.Sequential(new nn.Upsample({ scale: 3 }), new nn.Conv2d(6, 6, 3, { stride: 3, seed: 4 }))),
  layer("GroupNorm", () => new nn.GroupNorm(2, 6, { eps: 0.3 })),
  layer("BatchNorm2d", () => new nn.BatchNorm2d(6, { eps: 0.3 })),
  layer("Dropout", () => new nn.Dropout(0.5)),
  layer("Dropout2d", () => new nn.Dropout2d(0.5)),
  layer("ReLU", () => new nn.ReLU()),
  layer("LeakyReLU", () => new nn.LeakyReLU(0.3)),
  layer("ReLU6", () => new nn.ReLU6()),
  layer("Sigmoid", () => new nn.Sigmoid()),
  layer("Tanh", () => new nn.Tanh()),
  layer("SiLU", () => new nn.SiLU()),
  layer("GELU", () => new nn.GELU()),
  layer("Hardswish", () => new nn.Hardswish()),
  { name: "a network within", build: () => new nn.Sequential(new nn.UNet({ width: 4, outChannels: 2 }), new nn.Sigmoid()) },
  { name: "no layers", build: () => new nn.Sequential(), normalisation: "none" },
];

/** Gives `network` biases, factors of norms and running statistics as after some training. */
export function trained<T extends nn.Module>(network: T): T {
  for (const [i, [name, values]] of [...network.named()].entries()) {
    if (values.shape.length > 1) continue;
    const numbers = normals(values.size, i + 1);
    if (name.endsWith("running_var")) values.data.set(numbers.map((x) => 0.3 + x * x));
    else values.data.set(numbers.map((x) => 0.3 * x + (name.endsWith("weight") ? 1 : 0)));
  }
  return network;
}

/** The model of a case; the network is in training. */
export function modelOf({ build, normalisation }: OnnxCase): ModelLike & { normalisation?: Normalisation } {
  return { network: trained(build()), normalisation };
}

/** The pictures of a case, values from 0 to 255: noise, after the first in a narrow range. */
export function picturesOf({ size: [batch, height, width] = [2, 19, 13] }: OnnxCase) {
  return Array.from({ length: batch }, (_, i) => {
    const { picture } = noiseSample(width, height, { seed: i + 1 });
    return i === 0 ? picture : { ...picture, data: picture.data.map((value) => 40 + value / (2 * i)) };
  });
}

/** A picture of one colour. */
export const plainPicture = (width: number, height: number) => plainSample(width, height, 77).picture;

/** The input of the graph. */
export function inputOf(pictures: ReturnType<typeof picturesOf>): Numbers {
  return planar(pictures, (value) => value);
}

/** What our network makes of `pictures` after `eval()`. */
export function expectedOf({ network, normalisation }: ModelLike, pictures: ReturnType<typeof picturesOf>): Numbers {
  const scalings = pictures.map((picture) => pixelsOf(picture, normalisation));
  const input = planar(pictures, (value, i, c) => (value - scalings[i].mean[c]) * scalings[i].scale[c]);
  const { training } = network;
  network.eval();
  const output = noGrad(() => tidy(() => network.forward(tensor(input.data, input.shape))));
  network.train(training);
  const numbers = { data: output.data.slice(), shape: output.shape };
  output.dispose();
  return numbers;
}

function planar(pictures: ReturnType<typeof picturesOf>, of: (value: number, picture: number, channel: number) => number): Numbers {
  const [{ width, height }] = pictures;
  const plane = width * height;
  const data = new Float32Array(3 * plane * pictures.length);
  for (const [i, picture] of pictures.entries()) {
    for (const [k, value] of picture.data.entries()) data[(3 * i + (k % 3)) * plane + Math.floor(k / 3)] = of(value, i, k % 3);
  }
  return { data, shape: [pictures.length, 3, height, width] };
}

/** The largest difference as a share of the largest of `expected`; infinite where shapes differ. */
export function differenceOf(came: Numbers, expected: Numbers): number {
  if (came.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let [most, largest] = [0, 0];
  for (let i = 0; i < expected.data.length; i++) {
    most = Math.max(most, Math.abs(came.data[i] - expected.data[i]) || (Number.isNaN(came.data[i]) ? Number.POSITIVE_INFINITY : 0));
    largest = Math.max(largest, Math.abs(expected.data[i]));
  }
  return most === 0 ? 0 : most / largest;
}
