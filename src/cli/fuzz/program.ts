// A loss in another program, which answers a JSON line for each call on its standard streams: docs/protocol.md.
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { counted } from "../../counted.js";
import { LawBroken } from "../../fuzz/ask.js";
import type { Answer, CaseOptions, LossUnderTest } from "../../fuzz/lossCase.js";
import { LovaszError } from "../../index.js";
import { type Head, readAnswer, readHead } from "./lines.js";

/** How a program is started. */
export interface Start {
  /** A line for the shell, or a file and its arguments. */
  readonly command: string | readonly [file: string, ...args: string[]];
  /** Seconds to answer a call. */
  readonly timeout: number;
  /** Seconds until the first line. */
  readonly patience?: number;
}

/** A program that runs. */
export interface Program {
  /** What its first line says. */
  readonly head: Head;
  readonly loss: LossUnderTest;
  close(): void;
}

interface Call {
  /** The arrays of the call, which get what the loss made of them. */
  readonly values: Float32Array;
  readonly labels: Int32Array;
  readonly line: string;
  readonly id: number;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

// imports of large libraries take their time
const PATIENCE = 120;
// a program that ends at each call would be started for hours
const MOST_STARTS = 30;

/**
 * Starts a program. It is started anew where it ends or does not answer in time, and the case that it was at is told. Throws `LovaszError` "data"
 * where it does not send its first line.
 */
export async function openProgram(start: Start): Promise<Program> {
  const program = new RunningProgram(start);
  try {
    const head = await program.start();
    const loss = (values: Float32Array, labels: Int32Array, options: CaseOptions) => program.ask(values, labels, options);
    return { head, loss, close: () => program.close() };
  } catch (cause) {
    program.close();
    throw cause;
  }
}

class RunningProgram {
  private child: ChildProcess | null = null;
  // in the order in which they were sent
  private waiting: Call[] = [];
  private starts = 0;
  private nextId = 0;
  private timer: NodeJS.Timeout | undefined;
  // why it was killed
  private reason: string | null = null;
  // why no call is answered any more
  private end: Error | null = null;
  private readonly onExit = () => this.kill();

  constructor(private readonly settings: Start) {
    process.on("exit", this.onExit);
  }

  /** Resolves to its first line. */
  start(): Promise<Head> {
    this.starts++;
    this.reason = null;
    const child = spawned(this.settings.command);
    this.child = child;
    // the end of the program is told by its exit
    child.stdin?.on("error", () => {});
    return new Promise<Head>((resolve, reject) => {
      const { patience = PATIENCE } = this.settings;
      this.startTimer(patience, `sent no first line within ${patience} s`);
      let head: Head | null = null;
      child.on("error", ({ message }) => reject(notStarted(this.name, `cannot be started: ${message}`)));
      child.on("close", (code, signal) => {
        if (this.child !== child) return;
        this.child = null;
        clearTimeout(this.timer);
        const ended = `ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`;
        if (head) this.restart(this.reason ?? ended);
        else reject(notStarted(this.name, this.reason ?? `${ended} before its first line`));
      });
      if (!child.stdout) return;
      createInterface({ input: child.stdout }).on("line", (line) => {
        try {
          if (head) this.take(line);
          else {
            head = readHead(line);
            clearTimeout(this.timer);
            for (const call of this.waiting) this.send(call);
            resolve(head);
          }
        } catch (cause) {
          const error = notStarted(this.name, (cause as Error).message);
          reject(error);
          this.giveUp(new LawBroken(error.message));
        }
      });
    });
  }

  ask(values: Float32Array, labels: Int32Array, options: CaseOptions): Promise<Answer> {
    const id = this.nextId++;
    const line = JSON.stringify({ id, values: Array.from(values), labels: Array.from(labels), options });
    return new Promise((resolve, reject) => {
      if (this.end) {
        reject(this.end);
        return;
      }
      const call = { id, line, values, labels, resolve, reject };
      this.waiting.push(call);
      if (this.child) this.send(call);
    });
  }

  close(): void {
    process.off("exit", this.onExit);
    this.giveUp(new LawBroken(`${this.name} was closed`));
  }

  private get name(): string {
    const { command } = this.settings;
    return typeof command === "string" ? command : command[0];
  }

  private send(call: Call): void {
    this.child?.stdin?.write(`${call.line}\n`);
    if (this.waiting[0] === call) this.startCallTimer();
  }

  private startCallTimer(): void {
    const { timeout } = this.settings;
    this.startTimer(timeout, `did not answer this call within ${timeout} s`);
  }

  // kills the program once so many seconds are over
  private startTimer(seconds: number, reason: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.reason = reason;
      this.kill();
    }, 1000 * seconds);
  }

  private take(line: string): void {
    const { id, answer, changed } = readAnswer(line);
    const at = this.waiting.findIndex((call) => call.id === id);
    if (at < 0) throw new Error(`answered the number ${id}, which no open call has; copy "id" of the call into its answer`);
    const [call] = this.waiting.splice(at, 1);
    for (const name of ["values", "labels"] as const) if (changed[name]?.length === call[name].length) call[name].set(changed[name]);
    if (answer instanceof Error) call.reject(answer);
    else call.resolve(answer);
    clearTimeout(this.timer);
    if (this.waiting.length > 0) this.startCallTimer();
  }

  // the oldest call is the one that the program was at
  private restart(why: string): void {
    const [oldest, ...others] = this.waiting;
    this.waiting = others;
    oldest?.reject(new LawBroken(`the program ${why}`));
    if (this.starts >= MOST_STARTS) {
      this.giveUp(new LawBroken(`the program ended ${counted(this.starts, "time")}, and is not started again; the last time it ${why}`));
      return;
    }
    this.start().catch((error) => this.giveUp(new LawBroken(error.message)));
  }

  private giveUp(error: LawBroken): void {
    this.end = error;
    clearTimeout(this.timer);
    const child = this.child;
    this.child = null;
    if (child) killed(child);
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  private kill(): void {
    if (this.child) killed(this.child);
  }
}

const notStarted = (name: string, why: string) =>
  new LovaszError("data", `the program ${JSON.stringify(name)} ${why}; docs/protocol.md says what it has to read and write`);

// In a group of its own, so that a shell does not outlive what it started.
function spawned(command: Start["command"]): ChildProcess {
  const options: SpawnOptions = { stdio: ["pipe", "pipe", "inherit"], detached: process.platform !== "win32" };
  if (typeof command === "string") return spawn(command, { ...options, shell: true });
  const [file, ...args] = command;
  return spawn(file, args, options);
}

function killed(child: ChildProcess): void {
  try {
    if (child.pid === undefined) child.kill("SIGKILL");
    else if (process.platform === "win32") spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // it has ended already
  }
}
