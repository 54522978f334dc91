// The training step and the inference of bench/training.mjs in jax-js, in a page: its U-Net, Adam.
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { unet } from "./unet.mjs";

const [LR, BETA1, BETA2, EPSILON] = [1e-3, 0.9, 0.999, 1e-8];

/** As `lovaszTraining`, promises. `backend` is "wasm" or "webgpu". */
export async function jaxTraining({ state, shape, pixels, labels }, backend) {
  const ready = await init(backend);
  if (!ready.includes(backend)) throw new Error(`no ${backend} here`);
  defaultDevice(backend);
  const names = Object.keys(state);
  const array = (values, extents) => np.array(values).reshape(extents);
  const [batch, , height, width] = shape;
  const x = array(pixels, shape);
  const y = array(Float32Array.from(labels), [batch, 1, height, width]);
  const logits = (parameters, input) => unet(operators(Object.fromEntries(names.map((name, i) => [name, parameters[i]]))), input);
  const gradient = jit(
    valueAndGrad((parameters, input, truth) => {
      const h = logits(parameters, input);
      // softplus(h) - y h
      return np.mean(nn.softplus(h.ref).sub(truth.mul(h)));
    }),
  );
  const mean = jit((parameters, input) => np.mean(logits(parameters, input)));
  let parameters = names.map((name) => array(state[name].data, state[name].shape));
  const held = () => parameters.map((p) => p.ref);
  const moments = parameters.map((p) => [np.zeros(p.shape), np.zeros(p.shape)]);
  let steps = 0;
  return {
    async step() {
      steps += 1;
      const [value, gradients] = gradient(held(), x.ref, y.ref);
      const corrections = [1 / (1 - BETA1 ** steps), 1 / (1 - BETA2 ** steps)];
      parameters = parameters.map((p, i) => {
        const [moved, ...after] = adam(p, ...moments[i], gradients[i], ...corrections);
        moments[i] = after;
        return moved;
      });
      await blockUntilReady(held());
      return (await value.data())[0];
    },
    inference: async () => (await mean(held(), x.ref).data())[0],
  };
}

const adam = jit((parameter, m, v, g, correction1, correction2) => {
  const first = m.mul(BETA1).add(g.ref.mul(1 - BETA1));
  const second = v.mul(BETA2).add(g.ref.mul(g).mul(1 - BETA2));
  const size = np.sqrt(second.ref.mul(correction2)).add(EPSILON);
  return [parameter.sub(first.ref.mul(correction1).mul(LR).div(size)), first, second];
});

// each frees what it is given
const operators = (parameters) => ({
  conv: (h, name) => {
    const [weight, bias] = [parameters[`${name}.weight`], parameters[`${name}.bias`]];
    return lax.convGeneralDilated(h, weight, [1, 1], "SAME").add(bias.reshape([1, bias.shape[0], 1, 1]));
  },
  relu: nn.relu,
  halve: (h) => {
    const [batch, channels, height, width] = h.shape;
    return np.max(h.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  },
  double: (h) => np.repeat(np.repeat(h, 2, 2), 2, 3),
  concat: (a, b) => np.concatenate([a, b], 1),
  keep: (h) => h.ref,
});
