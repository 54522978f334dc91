import { defineConfig } from "vitest/config";
import { embed } from "./rollup.config.mjs";

export default defineConfig({
  plugins: [embed()],
  test: { setupFiles: ["test/setup/dyingViews.ts"], include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
