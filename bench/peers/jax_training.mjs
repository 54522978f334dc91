// The training step of bench/training.mjs in jax-js on WebAssembly: forward, backward, Adam.
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";

const [LR, BETA1, BETA2, EPSILON] = [1e-3, 0.9, 0.999, 1e-8];

/** A function that takes one step and promises the loss before it. */
export async function jaxTraining({ layers, pixels, labels, batch, height, width }) {
  await init("wasm");
  defaultDevice("wasm");
  const array = (values, shape) => np.array(Float32Array.from(values)).reshape(shape);
  const x = array(pixels, [batch, layers[0].shape[1], height, width]);
  const y = array(labels, [batch, 1, height, width]);
  const loss = (parameters, input, truth) => {
    let h = input;
    for (let i = 0; i < layers.length; i++) {
      if (i > 0) h = nn.relu(h);
      const [weight, bias] = [parameters[2 * i], parameters[2 * i + 1]];
      h = lax.convGeneralDilated(h, weight, [1, 1], "SAME").add(bias.reshape([1, layers[i].shape[0], 1, 1]));
    }
    // softplus(h) - y h
    return np.mean(nn.softplus(h.ref).sub(truth.mul(h)));
  };
  const gradient = jit(valueAndGrad(loss));
  const move = jit((parameter, m, v, g, correction1, correction2) => {
    const first = m.mul(BETA1).add(g.ref.mul(1 - BETA1));
    const second = v.mul(BETA2).add(g.ref.mul(g).mul(1 - BETA2));
    const size = np.sqrt(second.ref.mul(correction2)).add(EPSILON);
    return [parameter.sub(first.ref.mul(correction1).mul(LR).div(size)), first, second];
  });
  let parameters = layers.flatMap(({ shape, weight, bias }) => [array(weight, shape), array(bias, [shape[0]])]);
  const moments = parameters.map((p) => [np.zeros(p.shape), np.zeros(p.shape)]);
  let steps = 0;
  return async () => {
    steps += 1;
    const [value, gradients] = gradient(
      parameters.map((p) => p.ref),
      x.ref,
      y.ref,
    );
    parameters = parameters.map((p, i) => {
      const [moved, first, second] = move(p, ...moments[i], gradients[i], 1 / (1 - BETA1 ** steps), 1 / (1 - BETA2 ** steps));
      moments[i] = [first, second];
      return moved;
    });
    await blockUntilReady(parameters.map((p) => p.ref));
    return (await value.data())[0];
  };
}
