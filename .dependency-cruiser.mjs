// Which folder may import which: the picture of docs/architecture.md as rules, which `npm run check` holds the code to.

// From the top down. Each may import what stands in a lower row, and nothing of its own row or a higher one.
const SRC = [
  ["cli", "paint"],
  ["adapters", "fuzz", "model"],
  ["index.ts"],
  ["device", "sketch"],
  ["metrics", "optim"],
  ["nn"],
  ["losses"],
  ["ops"],
  ["tensor"],
  ["wasm"],
  ["fileBytes.ts"],
  ["options.ts"],
  // the last knows of tensors only the mark by which copies of this package tell theirs from others'
  ["counted.ts", "errors.ts", "random.ts", "typedArray.ts", "tensor/foreign.ts"],
];
/** What an independent judge of losses may share with them. */
const COMMON = SRC.slice(-2).flat();
const ASSEMBLY = [["index.ts", "stages.ts"], ["losses", "lovasz", "ops", "optim"], ["sort"], ["inline", "memory.ts"]];

const pathsOf = (root, names) => names.map((name) => `^${root}/${name.endsWith(".ts") ? `${name.replaceAll(".", "\\.")}$` : `${name}/`}`);

// a file that a lower row names belongs to that row alone
const within = (root, rows, row, name) => ({
  path: pathsOf(root, [name]),
  pathNot: pathsOf(root, rows.slice(row + 1).flat()),
});

/** For each folder or file of a row: it imports nothing but its own files and those of the rows below. */
const arrows = (root, rows) =>
  rows.flatMap((names, row) =>
    names.map((name) => ({
      name: `${root}-${name}-imports-downwards`,
      comment: `${root}/${name} may import its own files and what stands below it in .dependency-cruiser.mjs; types count, too`,
      severity: "error",
      from: within(root, rows, row, name),
      to: { path: `^${root}/`, pathNot: pathsOf(root, [name, ...rows.slice(row + 1).flat()]) },
    })),
  );

/** Whatever lies in `root` stands in a row. */
const everyRow = (root, rows) => ({
  name: `${root}-has-a-row`,
  comment: `${root} has a file or folder that .dependency-cruiser.mjs does not know: give it a row`,
  severity: "error",
  from: { path: `^${root}/`, pathNot: pathsOf(root, rows.flat()) },
  to: {},
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "files that import one another cannot be read, or loaded, one after the other; types count, too",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...arrows("src", SRC),
    everyRow("src", SRC),
    ...arrows("assembly", ASSEMBLY),
    everyRow("assembly", ASSEMBLY),
    {
      name: "fuzz-is-independent",
      comment: "the laws judge losses by definitions of their own: src/fuzz imports nothing that a loss is made of",
      severity: "error",
      from: { path: "^src/fuzz/" },
      to: { path: "^src/", pathNot: ["^src/fuzz/", ...pathsOf("src", COMMON)] },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^build/"] },
    tsPreCompilationDeps: true,
  },
};
