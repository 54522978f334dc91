// The adapter on the backend webgl, in a real browser; on a machine without a GPU, on WebGL in software.
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { describeBrowser, openPage } from "../helpers/browser.js";
import { expectClose } from "../helpers/closeTo.js";
import { integers, normals } from "../helpers/random.js";

const shape = [2, 3, 5, 4];
const values = normals(120, 1);
const map = integers(30, 4, 2);

// TensorFlow.js takes no WebGL in software unless told so
const script = `import("/dist/tfjs.js").then(async ({ tfLosses }) => {
  tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
  if (!(await tf.setBackend("webgl"))) throw new Error("no webgl");
  const loss = tfLosses(tf).lovaszSoftmax();
  const yTrue = tf.tensor([${map}], [2, 3, 5], "int32");
  const yPred = tf.tensor([${values}], [${shape}]);
  const tensors = tf.memory().numTensors;
  const [value, grad] = tf.tidy(() => {
    const both = tf.valueAndGrad((x) => loss(yTrue, x).mul(2))(yPred);
    return [both.value.dataSync()[0], [...both.grad.dataSync()]];
  });
  const later = await loss.valueAndGradAsync(yTrue, yPred);
  const read = [...(await later.grad.data())];
  later.grad.dispose();
  return { backend: tf.getBackend(), value, grad, later: { value: later.value, grad: read }, left: tf.memory().numTensors - tensors };
})`;

describeBrowser("lovasz/tfjs in a browser", () => {
  test("computes on webgl what we compute here, synchronously and not, and leaves no tensor", async () => {
    const ours = valueAndGrad(lovaszSoftmax)(values, map, { shape, layout: "NHWC" });
    const page = await openPage();
    const folder = createRequire(import.meta.url).resolve("@tensorflow/tfjs/package.json");
    await page.addScriptTag({ path: join(folder, "../dist/tf.min.js") });
    const came = (await page.evaluate(script)) as {
      backend: string;
      value: number;
      grad: number[];
      later: { value: number; grad: number[] };
      left: number;
    };
    expect([came.backend, came.left]).toEqual(["webgl", 0]);
    expectClose([came.value], [2 * ours.value], { relative: 1e-5 });
    expectClose(
      came.grad,
      ours.grad.map((g) => 2 * g),
      { relative: 1e-5 },
    );
    expectClose([came.later.value], [ours.value], { relative: 1e-5 });
    expectClose(came.later.grad, ours.grad, { relative: 1e-5 });
    await page.close();
  });
});
