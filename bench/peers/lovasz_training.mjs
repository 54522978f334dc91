// The training step and the inference of bench/training.mjs in this package.

/**
 * Functions that do one of each: `step` returns the loss before it, `inference` the mean logit; `small` computes gradients of a small picture
 * and drops them. `lovasz` is the package's main entry.
 */
export function lovaszTraining(lovasz, { network: name, options, state, shape, pixels, labels }) {
  const { binaryCrossEntropy, nn, noGrad, optim, tensor, tidy } = lovasz;
  const network = new nn[name](options);
  network.loadStateDict(state);
  const optimizer = new optim.Adam(network.parameters(), { lr: 1e-3 });
  const x = tensor(pixels, shape);
  const gradients = (input, truth) =>
    tidy(() => {
      network.train();
      optimizer.zeroGrad();
      const loss = binaryCrossEntropy(network.forward(input), truth);
      loss.backward();
      return loss.item();
    });
  return {
    step() {
      const loss = gradients(x, labels);
      optimizer.step();
      return loss;
    },
    inference() {
      network.eval();
      return noGrad(() => tidy(() => network.forward(x).mean().item()));
    },
    small() {
      const side = 32;
      const loss = gradients(tensor(pixels.slice(0, 3 * side * side), [1, 3, side, side]), labels.slice(0, side * side));
      optimizer.zeroGrad();
      return loss;
    },
  };
}
