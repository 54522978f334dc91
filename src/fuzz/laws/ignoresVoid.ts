import { ask, LawBroken } from "../ask.js";
import { drawValues } from "../draw/lossCase.js";
import { counts, isScore, pixelOf } from "../lossCase.js";
import { groupsOf } from "../reference/terms.js";
import { expectNear, expectSameSubgradient, type Law, randomOf, rearranged, slackOf, withValues } from "./law.js";

/**
 * Ignored pixels have no influence: other (finite) values there change neither the value nor the set of subgradients, which is 0
 * there. Without these pixels the loss is the same, and with no other pixels it is 0 (a soft score may be anything there). The definition sums over the other pixels only.
 */
export const ignoresVoid: Law = async (loss, example) => {
  if (example.labels.every((_, i) => counts(example, i))) return;
  const drawn = drawValues(randomOf(example), example);
  const other = withValues(
    example,
    example.values.map((value, at) => (counts(example, pixelOf(example, at)) ? value : drawn[at])),
  );
  const [first, second] = [await ask(loss, example), await ask(loss, other)];
  expectNear(
    second.value,
    first.value,
    2 * slackOf(example),
    "value with other values in ignored pixels",
    "ignored pixels have no influence",
  );
  const stray = second.grad.findIndex((derivative, at) => derivative !== 0 && !counts(example, pixelOf(example, at)));
  if (stray >= 0) throw new LawBroken(`grad[${stray}] is ${second.grad[stray]}, expected 0: pixel ${pixelOf(example, stray)} is ignored`);
  expectSameSubgradient(other, second.grad, first.grad, "other values in ignored pixels give the same gradient, or another subgradient");
  const groups = groupsOf(example);
  const kept = groups[0].length;
  if (groups.some((group) => group.length === 0)) {
    if (groups.length === 1 && !isScore(example.kind)) expectNear(first.value, 0, 0, "value", "every pixel is ignored");
    return;
  }
  if (groups.some((group) => group.length !== kept)) return;
  const cut = await ask(loss, rearranged(example, groups.flat(), groups.length));
  expectNear(first.value, cut.value, 2 * slackOf(example), "value", "the loss without the ignored pixels is the same");
};
