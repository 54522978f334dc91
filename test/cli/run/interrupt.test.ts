import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Interrupt } from "../../../src/cli/run/interrupt.js";

describe("Interrupt", () => {
  const calls: string[] = [];
  let interrupt: Interrupt;
  const send = (signal: NodeJS.Signals) => process.emit(signal, signal);

  beforeEach(() => {
    calls.length = 0;
    vi.stubEnv("_", "");
    vi.spyOn(process, "exit").mockImplementation((code) => calls.push(`exit ${code}`) as never);
    interrupt = new Interrupt(
      () => calls.push("heard"),
      () => calls.push("quit"),
    );
  });
  afterEach(() => {
    interrupt.close();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("hears %s, and ends at a second one", (signal, code) => {
    expect(interrupt.code).toBeNull();
    send(signal);
    expect(interrupt.code).toBe(code);
    expect(calls).toEqual(["heard"]);
    send(signal);
    expect(calls).toEqual(["heard", "quit", `exit ${code}`]);
  });

  test("takes no SIGHUP for impatience: a closed terminal sends it twice, and the end of the session SIGTERM", () => {
    send("SIGHUP");
    expect(interrupt.code).toBe(129);
    send("SIGHUP");
    send("SIGTERM");
    send("SIGHUP");
    expect(calls).toEqual(["heard"]);
    send("SIGTERM");
    expect(calls).toEqual(["heard", "quit", "exit 129"]);
  });

  test("hears no SIGHUP where nohup started the program", () => {
    const listeners = process.listenerCount("SIGHUP");
    vi.stubEnv("_", "/usr/bin/nohup");
    const other = new Interrupt(
      () => {},
      () => {},
    );
    expect(process.listenerCount("SIGHUP")).toBe(listeners);
    other.close();
    expect(process.listenerCount("SIGHUP")).toBe(listeners);
  });

  test.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)("hears no %s when closed", (signal) => {
    const listeners = process.listenerCount(signal);
    interrupt.close();
    expect(process.listenerCount(signal)).toBe(listeners - 1);
    expect(interrupt.code).toBeNull();
  });
});
