// How far predictions by tiles are from those of the whole picture at once, for networks trained a little on the built-in example: small
// parts of a picture of the earth, which is then predicted as a whole.
import { readFileSync } from "node:fs";
import { decode } from "fast-png";
import jpeg from "jpeg-js";
import { binaryCrossEntropy, iouBinary, lovaszHinge, nn } from "lovasz";
import { fit, IGNORED, predict } from "lovasz/model";
import { readExample } from "../build/example.js";

export const title = "Predicting by tiles against the whole picture at once (1600x800)";

const NETWORKS = {
  "U-Net": () => new nn.UNet({ seed: 1 }),
  "U-Net, batch": () => new nn.UNet({ norm: "batch", seed: 1 }),
  "U-Net, 5 levels, bilinear": () => new nn.UNet({ width: 4, levels: 5, upsample: "bilinear", seed: 1 }),
  "U-Net, group": () => new nn.UNet({ norm: "group", seed: 1 }),
  "U-Net, group, 5 levels": () => new nn.UNet({ width: 4, levels: 5, norm: "group", seed: 1 }),
  "Fast-SCNN": () => new nn.FastSCNN({ width: 8, seed: 1 }),
};

const read = (name) => readFileSync(new URL(`../node_modules/three-globe/example/img/${name}`, import.meta.url));

/** Rows: a network and an extent of tiles, the largest difference of a probability, how many labels differ, and the IoU of water. */
export async function* run() {
  const { training } = await readExample();
  const samples = training.map(({ rgb, width, height, labels }) => ({ picture: { data: rgb, width, height, channels: 3 }, labels }));
  const { data, width, height } = jpeg.decode(read("earth-day.jpg"), { useTArray: true });
  const water = decode(read("earth-water.png"));
  const truth = Uint8Array.from({ length: width * height }, (_, i) => Number(water.data[water.channels * i] > 127));
  const loss = (logits, labels) => {
    const options = { ignore: IGNORED };
    return binaryCrossEntropy(logits, labels, options).add(lovaszHinge(logits, labels, options));
  };
  for (const [name, make] of Object.entries(NETWORKS)) {
    const network = make();
    await fit(network, samples, { loss, epochs: 10 });
    const at = async (tile) => predict({ network }, { data, width, height }, { tile, probabilities: true });
    const whole = await at(2048);
    for (const tile of [512, 256]) {
      const tiled = await at(tile);
      const off = tiled.probabilities.reduce((most, value, i) => Math.max(most, Math.abs(value - whole.probabilities[i])), 0);
      const different = tiled.labels.reduce((count, label, i) => count + (label !== whole.labels[i] ? 1 : 0), 0);
      yield {
        network: name,
        tile,
        "largest difference": off.toExponential(1),
        "labels that differ": `${((100 * different) / tiled.labels.length).toFixed(3)} %`,
        "IoU by tiles": percent(iouBinary(tiled.labels, truth)),
        "IoU at once": percent(iouBinary(whole.labels, truth)),
      };
    }
    network.dispose();
  }
}

const percent = (fraction) => `${(100 * fraction).toFixed(1)} %`;
