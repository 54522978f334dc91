// The published Lovász hinge in the operators of other libraries, with their own gradients, as their users write it.

/** `{ value, grad }` of flat logits and labels of 0 and 1, by TensorFlow.js on the backend that is set. */
export function tensorFlowHinge(tf) {
  return async (logits, labels) => {
    const [value, grad] = tf.tidy(() => {
      const fg = tf.tensor1d(labels);
      const n = labels.length;
      const x = tf.tensor1d(logits);
      const errorsOf = (given) => tf.sub(1, tf.mul(given, tf.sub(tf.mul(fg, 2), 1)));
      // the order and the weights have no gradient
      const { indices } = tf.topk(errorsOf(x), n, true);
      const sorted = tf.gather(fg, indices);
      const positives = tf.sum(sorted);
      const union = tf.add(positives, tf.cumsum(tf.sub(1, sorted)));
      const jaccard = tf.sub(1, tf.div(tf.sub(positives, tf.cumsum(sorted)), union));
      const inOrder = tf.sub(jaccard, tf.concat([tf.zeros([1]), tf.slice(jaccard, 0, n - 1)]));
      const weights = tf.scatterND(tf.reshape(indices, [n, 1]), inOrder, [n]);
      const result = tf.valueAndGrad((given) => tf.sum(tf.mul(tf.relu(errorsOf(given)), weights)))(x);
      return [result.value, result.grad];
    });
    const [[loss], gradient] = await Promise.all([value.data(), grad.data()]);
    tf.dispose([value, grad]);
    return { value: loss, grad: gradient };
  };
}

/** The same by jax-js on its default device. */
export function jaxHinge(jax) {
  const { numpy: np, lax, nn } = jax;
  const lossOf = (x, fg) => {
    const n = x.shape[0];
    const errors = np.subtract(1, x.mul(fg.ref.mul(2).sub(1)));
    const order = np.argsort(lax.stopGradient(errors.ref).neg());
    const sorted = np.take(fg, order.ref);
    const positives = sorted.ref.sum();
    const intersection = positives.ref.sub(np.cumsum(sorted.ref));
    const jaccard = np.subtract(1, intersection.div(positives.add(np.cumsum(np.subtract(1, sorted)))));
    const before = np.concatenate([np.zeros([1]), jaccard.ref.slice([0, n - 1])]);
    const weights = lax.stopGradient(jaccard.sub(before));
    return nn.relu(np.take(errors, order)).mul(weights).sum();
  };
  return async (logits, labels) => {
    const fg = np.array(labels);
    const [value, grad] = jax.valueAndGrad((x) => lossOf(x, fg))(np.array(logits));
    return { value: (await value.data())[0], grad: await grad.data() };
  };
}
