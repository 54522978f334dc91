// Public Lovász losses, judged by the laws of lovasz/fuzz where they are installed: the tables of docs/fuzzing-results.md.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Absent, judge } from "./fuzzing/judge.mjs";

const pip = (requirement, ...losses) => ({
  folder: requirement.replace("==", "-"),
  fetch: (to) => `pip install --no-deps --target ${to} ${requirement}`,
  losses,
});
const git = (repository, commit, ...losses) => ({
  folder: `${repository.split("/")[1]}-${commit.slice(0, 7)}`,
  fetch: (to) => `git clone https://github.com/${repository} ${to} && git -C ${to} checkout ${commit}`,
  losses,
});

// where each is, and its functions in fuzzing/in_torch.py, in_tensorflow.py and in_paddle.py
const IMPLEMENTATIONS = [
  git(
    "bermanmaxim/LovaszSoftmax",
    "7d48792d35a04d3167de488dd00daabbccd8334b",
    "torch:reference_hinge",
    "torch:reference_softmax",
    "tensorflow:reference_hinge",
    "tensorflow:reference_softmax",
  ),
  pip("kornia==0.6.8", "torch:kornia_hinge", "torch:kornia_softmax"),
  pip("kornia==0.8.3", "torch:kornia_hinge", "torch:kornia_softmax"),
  pip("kornia==0.9.0", "torch:kornia_hinge", "torch:kornia_softmax"),
  pip("segmentation-models-pytorch==0.2.0", "torch:smp_hinge", "torch:smp_softmax"),
  pip("segmentation-models-pytorch==0.6.0", "torch:smp_hinge", "torch:smp_softmax", "torch:smp_softmax_of_probabilities"),
  pip("pytorch-toolbelt==0.4.3", "torch:toolbelt_hinge", "torch:toolbelt_softmax"),
  pip("pytorch-toolbelt==0.8.0", "torch:toolbelt_hinge", "torch:toolbelt_softmax"),
  pip("catalyst==22.4", "torch:catalyst_hinge", "torch:catalyst_softmax", "torch:catalyst_softmax_of_logits"),
  pip("mmsegmentation==1.2.2", "torch:mmseg_hinge", "torch:mmseg_softmax"),
  pip("sssegmentation==1.7.0", "torch:sssegmentation_hinge", "torch:sssegmentation_sigmoid", "torch:sssegmentation_softmax"),
  pip("paddleseg==2.8.0", "paddle:paddleseg_hinge", "paddle:paddleseg_hinge_of_two_channels", "paddle:paddleseg_softmax"),
  pip("musket-core==0.498", "tensorflow:musket_hinge"),
  git("Pointcept/Pointcept", "d74c646db6abec569d0f23e0c34e7ddfce142789", "torch:pointcept_hinge", "torch:pointcept_softmax"),
  git(
    "CoinCheung/pytorch-loss",
    "67d015844e4597c3ff6895fc831cd22ac7d59299",
    "torch:coincheung_softmax",
    "torch:coincheung_softmax_doubled",
  ),
  git("JunMa11/SegLossOdyssey", "d562441a3bb9d0968f9dae67af705f2ca0872b02", "torch:seglossodyssey_softmax"),
  git("PeikeLi/Self-Correction-Human-Parsing", "ee5877816acd8cd23be68d8da5661d0931b17427", "torch:schp_softmax"),
  git("yassouali/pytorch-segmentation", "33434fa987bbf348c961473c15f044b85e32ca7f", "torch:yassouali_softmax"),
  git("xinge008/Cylinder3D", "30a0abb2ca4c657a821a5e9a343934b0789b2365", "torch:cylinder3d_hinge", "torch:cylinder3d_softmax"),
  git("jackd/kblocks", "0ae39f39ad0e797f19dcdc29417a928b11070097", "tensorflow:kblocks_softmax"),
];

export const options = {
  installed: { type: "string", default: "fuzzed" },
  runs: { type: "string", default: "200" },
  only: { type: "string", default: "" },
};

/**
 * The table of the losses whose names contain `--only`. `--installed FOLDER` holds the implementations, each in a folder named as in the
 * table, and virtual environments `torch`, `tensorflow` and `paddle`; `--runs N` is the cases of each law.
 */
export const tables = ({ installed, runs, only }) => [
  ["fuzzing", { title, about: () => [`${runs} runs of each law`], run: () => rows(installed, Number(runs), only) }],
];

const title = "Public Lovász losses: the laws that they keep, as they are, and with fewer and fewer options until they keep all";

async function* rows(installed, runs, only) {
  for (const { folder, fetch, losses } of IMPLEMENTATIONS) {
    for (const loss of losses.filter((loss) => `${folder} ${loss}`.includes(only))) {
      const [framework, name] = loss.split(":");
      const path = join(installed, folder);
      if (!existsSync(path)) yield { implementation: folder, loss: `in_${framework}:${name}`, kept: `absent: ${fetch(path)}` };
      else
        yield* judged({ python: join(installed, framework, "bin/python"), path, module: `in_${framework}`, name, runs, seed: 1 }, folder);
    }
  }
}

// one row with all options that the loss knows, and while it breaks a law, further ones with fewer of them
async function* judged(loss, implementation) {
  let [known, before, last] = [];
  const fewer = [[], ["ignore"], ["ignore", "classes"], ["ignore", "classes", "perImage"]];
  for (const without of fewer) {
    const row = { implementation, loss: `${loss.module}:${loss.name}` };
    const honours = known?.filter((option) => !without.includes(option));
    if (honours && honours.length === before) continue;
    try {
      const { kind, classes, laws, ...judged } = await judge({ ...loss, honours });
      known ??= judged.honours;
      before = judged.honours.length;
      const { kept, broken, ...more } = outcome(laws);
      const options = [...judged.honours, ...(classes ? [`${classes} classes always`] : [])].join(", ");
      // leaving out an option that changes nothing is no news
      if (last !== `${kept} ${broken}`) yield { ...row, kind, options, kept, broken, ...more };
      last = `${kept} ${broken}`;
      if (laws.every(({ ok }) => ok)) return;
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      yield { ...row, kept: `absent: ${error.message}` };
      return;
    }
  }
}

function outcome(laws) {
  const broken = laws.filter(({ ok }) => !ok);
  const kept = `${laws.length - broken.length} of ${laws.length}`;
  if (broken.length === 0) return { kept };
  const [first] = broken.toSorted((a, b) => a.example.values.length - b.example.values.length);
  const { values, labels, options } = first.example;
  const smallest = `${first.law}: values ${Array.from(values).join(" ")}, labels ${Array.from(labels).join(" ")}, ${JSON.stringify(options)}`;
  return {
    kept,
    broken: broken.length === laws.length ? "all" : broken.map(({ law }) => law).join(" "),
    "smallest case": smallest,
    "what came": first.message,
  };
}
