import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadModel, modelName } from "../../../src/cli/model/savedModel.js";
import { nn } from "../../../src/index.js";
import { encodeSafetensors } from "../../../src/model/encodeSafetensors.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { OLD_METADATA, oldFile } from "../../model/helpers/oldFile.js";
import { temporaryFolder } from "../helpers/files.js";

const file = join(temporaryFolder(), modelName("bce"));
const network = new nn.UNet({ inChannels: 3, outChannels: 1, width: 2, seed: 5 });

function load(contents: Uint8Array) {
  writeFileSync(file, contents);
  return loadModel(file);
}

test("modelName has no character that a system refuses in the names of files", () => {
  expect(modelName("0.5*bce+2*dice")).toBe("0.5xbce+2xdice.safetensors");
});

describe("loadModel", () => {
  test("gives back the model that was saved, by 0.1.0 too", async () => {
    for (const bytes of [
      saveNetwork({ network, loss: "bce", ignore: 0 }),
      oldFile(network.stateDict(), { ...OLD_METADATA, ignore: "0" }),
    ]) {
      const loaded = await load(bytes);
      expect(loaded.network.stateDict()).toEqual(network.stateDict());
      expect(loaded).toMatchObject({ classes: null, ignore: 0, loss: "bce" });
      loaded.network.dispose();
    }
  });

  test("names the file in every error", async () => {
    await expect(loadModel(`${file}.old`)).rejects.toThrow(`${file}.old does not exist; pass a file that lovasz train wrote`);
    await expect(load(Buffer.alloc(3))).rejects.toThrow(`${file} has 3 bytes, too few for a safetensors file`);
    await expect(load(encodeSafetensors(network.stateDict()))).rejects.toThrow(`${file} holds tensors, but does not say of which network`);
    await expect(load(encodeSafetensors({}, { kind: "other.Net" }))).rejects.toMatchObject({
      ...{ name: "LovaszError", code: "data" },
      message: `${file} holds "other.Net", this version reads lovasz.UNet and lovasz.FastSCNN; pass a file that saveNetwork or lovasz train wrote`,
    });
  });
});
