// How long the tests of each folder took, from vitest's report in JSON, and how many there were.
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";

const { testResults, numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const seconds = new Map();
for (const { name, startTime, endTime } of testResults) {
  const [, folder, file] = relative(process.cwd(), name).split(sep);
  const group = file ? folder : "(others)";
  seconds.set(group, (seconds.get(group) ?? 0) + (endTime - startTime) / 1000);
}
console.log("of which, on all cores together:");
for (const [group, time] of [...seconds].sort((a, b) => b[1] - a[1])) console.log(`${time.toFixed(0).padStart(4)} s  test/${group}`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
