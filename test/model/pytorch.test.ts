// PyTorch reads what saveNetwork writes, and what PyTorch writes is read here.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nn, tensor } from "../../src/index.js";
import { decodeSafetensors } from "../../src/model/decodeSafetensors.js";
import { loadNetwork } from "../../src/model/loadNetwork.js";
import { saveNetwork } from "../../src/model/saveNetwork.js";
import { temporaryFolder } from "../cli/helpers/files.js";
import { expectClose } from "../helpers/closeTo.js";
import { askPython, pythonOf, pythonWith } from "../helpers/python.js";
import { normals } from "../helpers/random.js";
import { OLD_METADATA, oldFile } from "./helpers/oldFile.js";

const python = pythonWith(["torch", "safetensors"], "model files in PyTorch itself");
const folder = temporaryFolder();
const size = 32;

const cases = [
  ["UNet", { norm: "group", upsample: "bilinear", outChannels: 3 }],
  ["UNet", { norm: "batch", upsample: "transposed", levels: 2, width: 4, dropout: 0.5 }],
  ["FastSCNN", { width: 2, outChannels: 2 }],
  ["UNet", { width: 2 }],
].map(([name, options], i) => {
  const network =
    name === "UNet" ? new nn.UNet({ seed: 3, ...(options as nn.UNetOptions) }) : new nn.FastSCNN(options as nn.FastSCNNOptions);
  // as after some training
  for (const [k, [key, { data, size: count }]] of [...network.named()].entries()) {
    if (key.endsWith("running_mean")) data.set(normals(count, k).map((x) => 0.1 * x));
    if (key.endsWith("running_var")) data.set(normals(count, k).map((x) => 1 + x * x));
  }
  return {
    name: name as string,
    options: options as Record<string, unknown>,
    network: network.eval(),
    file: join(folder, `case-${i}`),
    isOld: i === 3,
  };
});
const described = { ignore: 255, threshold: null, normalisation: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.25] }, loss: "ce" };
const input = normals(3 * size * size, 5);

describe.skipIf(!python)("files", () => {
  let logits: number[][];

  beforeAll(() => {
    for (const { network, file, isOld } of cases) {
      const bytes = isOld ? oldFile(network.stateDict(), OLD_METADATA) : saveNetwork({ network, ...described });
      writeFileSync(file, bytes);
    }
    const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    logits = askPython(python as string, new URL("pytorch.py", import.meta.url), {
      code: pythonOf("docs/networks.md").join("\n"),
      cases: cases.map(({ name, options, file }) => ({
        ...{ file, network: name, input: [...input], shape: [1, 3, size, size] },
        arguments: Object.fromEntries(Object.entries(options).map(([key, value]) => [snake(key), value])),
      })),
    }) as number[][];
  });

  test.each(cases.map((one, i) => [`${one.name} ${JSON.stringify(one.options)}${one.isOld ? " of 0.1.0" : ""}`, one, i] as const))(
    "of %s are the same network in PyTorch, and back",
    (_, { network, file, isOld }, i) => {
      const state = network.stateDict();
      const x = tensor(input, [1, 3, size, size]);
      const again = loadNetwork(readFileSync(`${file}.again`));
      const came = again.network.forward(x);
      expectClose(came.data, logits[i], { absolute: 1e-5 * Math.max(...logits[i].map(Math.abs)) }, "logits");
      expect(again.network.stateDict()).toEqual(state);
      const known = isOld ? { normalisation: "picture", loss: "bce" } : described;
      expect(again).toMatchObject(known);

      // rounded to nearest, so by half of the last bit at most; F16 has steps of 2^-24 near 0
      for (const [dtype, bits, least] of [
        ["F64", 24, 0],
        ["F16", 11, 2 ** -25],
        ["BF16", 8, 0],
      ] as const) {
        const loaded = loadNetwork(readFileSync(`${file}.${dtype}`));
        expect(loaded).toMatchObject(known);
        for (const [key, { shape, data }] of Object.entries(loaded.network.stateDict())) {
          expect(shape).toEqual(state[key].shape);
          for (const [k, value] of data.entries()) {
            const exact = state[key].data[k];
            if (Math.abs(value - exact) > Math.max(least, 2 ** -bits * Math.abs(exact))) expect(value, `${dtype} ${key}[${k}]`).toBe(exact);
          }
        }
        loaded.network.dispose();
      }

      const saved = decodeSafetensors(readFileSync(`${file}.state`));
      const counts = Object.entries(saved.state).filter(([key]) => key.endsWith("num_batches_tracked"));
      expect(counts.length > 0).toBe("features" in network || ("norm" in network.options && network.options.norm === "batch"));
      for (const [, count] of counts) expect(count).toEqual({ shape: [], data: Float32Array.of(0) });
      const fresh = isOld
        ? new nn.UNet({ width: 2 })
        : network.constructor === nn.UNet
          ? new nn.UNet(network.options)
          : new nn.FastSCNN(network.options);
      fresh.loadStateDict(saved.state);
      expect(fresh.stateDict()).toEqual(state);
      expect(() => loadNetwork(readFileSync(`${file}.state`))).toThrow(/does not say of which network/);
      for (const one of [x, came, again.network, fresh]) one.dispose();
    },
  );
});
