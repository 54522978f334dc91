import { binaryCrossEntropy, lovaszHinge, nn, optim } from "./lovasz/index.js";
import { fit, IGNORED, saveNetwork } from "./lovasz/model.js";

let stop = new AbortController();

addEventListener("message", async ({ data }) => {
  // it arrives in the middle of a training, as fit lets the event loop run after each step
  if (data === "stop") return stop.abort();
  stop = new AbortController();
  try {
    await train(data);
  } catch (error) {
    postMessage({ error: error.message });
  }
});

async function train({ samples, epochs }) {
  const network = new nn.UNet({ width: 4, seed: 1 });
  const { stopped } = await fit(network, samples, {
    loss: (logits, labels) => {
      const options = { ignore: IGNORED };
      return binaryCrossEntropy(logits, labels, options).add(lovaszHinge(logits, labels, options));
    },
    optimizer: (parameters) => new optim.Adam(parameters, { lr: 0.01 }),
    epochs,
    onEpoch: ({ epoch, loss }) => postMessage({ done: epoch / epochs, loss }),
    signal: stop.signal,
  });
  const bytes = saveNetwork({ network });
  network.dispose();
  // moved, not copied: the buffer is in the list of what is transferred
  postMessage({ bytes, stopped }, [bytes.buffer]);
}
