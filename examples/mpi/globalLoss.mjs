// The loss of the pictures of all ranks together, with each rank's share of its gradient. A mean of each rank's own Lovász loss, which data-parallel
// training usually takes, is another loss: IoU is no mean over pixels.
import { binaryCrossEntropy, tensor } from "lovasz";
import { apply, merge, sketch, weigh } from "lovasz/sketch";

/**
 * Cross-entropy plus the Lovász hinge of the pictures of all ranks. `pictures` are this rank's, { logits, labels }, perhaps none. Returns the
 * `value`, the same on all ranks, the Lovász hinge in it, and a tensor for each picture whose `backward()` gives its share of the gradient: the
 * shares of all pictures add up. A share does not depend on which rank computes it.
 */
export function globalLoss(mpi, pictures, { ignore }) {
  // count, and add up the counts of all ranks
  const summaries = pictures.map(({ logits, labels }) => sketch("hinge", logits.detach(), labels, { ignore }));
  const total = allReduced(mpi, merge(sketch("hinge", new Float32Array(0), []), ...summaries));
  const weights = weigh(total);
  // weigh and apply
  const entropies = pictures.map(({ logits, labels }, k) => {
    // a mean over the pixels of all pictures is a sum of parts
    return binaryCrossEntropy(logits, labels, { ignore }).mul(summaries[k].pixels / Math.max(total.pixels, 1));
  });
  const losses = pictures.map(({ logits, labels }, k) => {
    const gradient = apply(weights, logits.detach(), labels, { ignore });
    return logits.mul(tensor(gradient, logits.shape)).sum().add(entropies[k]);
  });
  const [entropy] = mpi.allReduce(Float64Array.of(entropies.reduce((sum, one) => sum + one.item(), 0)), "sum");
  return { value: weights.value + entropy, lovasz: weights.value, losses };
}

/** The summary of the pixels of all ranks. */
export function allReduced(mpi, own) {
  const [range] = mpi.allReduce(Float64Array.of(own.range), "max");
  // merged with an empty summary of this range, it has the same bins as all others
  const empty = { ...own, range, pixels: 0, positives: own.positives.map(() => 0), counts: new Uint32Array(own.counts.length) };
  const { counts, positives, ...rest } = merge(own, empty);
  mpi.allReduce(counts, "sum");
  mpi.allReduce(positives, "sum");
  const [pixels] = mpi.allReduce(Float64Array.of(rest.pixels), "sum");
  return { ...rest, pixels, positives, counts };
}
