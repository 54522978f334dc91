import { defineConfig } from "vitest/config";
import { embed } from "./rollup.config.mjs";

export default defineConfig({
  plugins: [embed()],
  test: {
    setupFiles: ["test/setup/dyingViews.ts"],
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // by default one core is kept for vitest itself, so a machine of two would run one file at a time
    maxWorkers: "100%",
  },
});
