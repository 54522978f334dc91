import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Interrupt } from "../../../src/cli/run/interrupt.js";

describe("Interrupt", () => {
  const calls: string[] = [];
  let interrupt: Interrupt;
  const send = (signal: NodeJS.Signals) => process.emit(signal, signal);

  beforeEach(() => {
    calls.length = 0;
    vi.spyOn(process, "exit").mockImplementation((code) => calls.push(`exit ${code}`) as never);
    interrupt = new Interrupt(
      () => calls.push("heard"),
      () => calls.push("quit"),
    );
  });
  afterEach(() => {
    interrupt.close();
    vi.restoreAllMocks();
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

  test("hears nothing more when closed", () => {
    const listeners = process.listenerCount("SIGINT");
    interrupt.close();
    expect(process.listenerCount("SIGINT")).toBe(listeners - 1);
    expect(interrupt.code).toBeNull();
  });
});
