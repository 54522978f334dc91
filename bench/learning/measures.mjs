// From the counts of units to measures, and from the measures of seeds to rows of tables.
import { pairedInterval } from "../../build/js/cli/run/bootstrap.js";

/** Names of the measures; "least class" only where there are classes. */
export const measuresOf = (classes) => ["IoU", "mean image IoU", "boundary IoU", ...(classes === null ? [] : ["least class"])];

/** The measures of one loss and seed, fractions, over the test pictures of all `folds` together: what eval --json tells of each. */
export function measure(folds, classes) {
  const confusion = added(folds.map(({ confusion }) => confusion));
  const boundaries = folds[0].boundaries.map((_, one) => {
    const sum = (key) => folds.reduce((total, { boundaries }) => total + boundaries[one][key], 0);
    return { intersection: sum("intersection"), union: sum("union") };
  });
  const counted = (counts) => (classes === null ? counts.slice(1) : counts).filter(({ union }) => union > 0).map(({ intersection, union }) => intersection / union); // biome-ignore format: one line
  const ious = counted(confusion.map((_, one) => overlapOf(confusion, one)));
  const all = { IoU: mean(ious), "mean image IoU": mean(folds.flatMap(({ imageIoUs }) => imageIoUs)), "boundary IoU": mean(counted(boundaries)), "least class": Math.min(...ious) }; // biome-ignore format: one line
  return Object.fromEntries(measuresOf(classes).map((name) => [name, all[name]]));
}

const added = (matrices) => matrices[0].map((row, i) => row.map((_, j) => matrices.reduce((sum, matrix) => sum + matrix[i][j], 0)));

function overlapOf(confusion, one) {
  const truth = confusion[one].reduce((sum, count) => sum + count, 0);
  const said = confusion.reduce((sum, row) => sum + row[one], 0);
  return { intersection: confusion[one][one], union: truth + said - confusion[one][one] };
}

// 1 of nothing: what is not there was not found either
const mean = (list) => (list.length === 0 ? 1 : list.reduce((sum, one) => sum + one, 0) / list.length);

/** The sample standard deviation. */
const deviation = (list) => Math.sqrt(list.reduce((sum, one) => sum + (one - mean(list)) ** 2, 0) / (list.length - 1));

/**
 * Rows, one for each loss: of each measure mean ± standard deviation over the seeds, and the worst seed, in per cent. `scores`: by loss, a list
 * with the measures of each seed.
 */
export function summaryRows(scores) {
  return Object.entries(scores).map(([loss, seeds]) => {
    const cells = Object.keys(seeds[0] ?? {}).map((name) => {
      const list = seeds.map((one) => 100 * one[name]);
      const spread = list.length > 1 ? ` ± ${deviation(list).toFixed(1)}` : "";
      return [name, `${mean(list).toFixed(1)}${spread}, worst ${Math.min(...list).toFixed(1)}`];
    });
    return { loss, ...Object.fromEntries(cells) };
  });
}

/** Rows, one for each rival of `chosen`: how far `chosen` is ahead in each measure, in points, with its 95 % interval, and what that says. */
export function differenceRows(scores, chosen) {
  const rivals = Object.keys(scores).filter((loss) => loss !== chosen);
  return rivals.map((rival) => {
    const cells = Object.keys(scores[chosen][0]).map((name) => {
      const differences = scores[chosen].map((one, i) => 100 * (one[name] - scores[rival][i][name]));
      const { mean, low, high } = pairedInterval(differences);
      const [middle, from, to] = [mean, low, high].map((points) => `${points < 0 ? "" : "+"}${points.toFixed(1)}`);
      return [name, `${middle} [${from}, ${to}] ${verdict(differences, low, high)}`];
    });
    return { against: rival, ...Object.fromEntries(cells) };
  });
}

// so few differences are alike by chance, and the interval then excludes 0
const LEAST_SEEDS = 5;

function verdict({ length }, low, high) {
  if (length < LEAST_SEEDS) return "too few seeds";
  return low > 0 ? "ahead" : high < 0 ? "behind" : "not distinguishable";
}
