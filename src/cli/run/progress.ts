// The progress of a training.
import type { SingleBar } from "cli-progress";
import { openBar } from "../bar.js";

/** What the bar shows. */
export interface Running {
  loss: number;
  epoch: number;
}

/** A bar over all steps of all losses, which may be silent. */
export class Progress {
  readonly #bar: SingleBar | null;
  readonly #stream: NodeJS.WriteStream;
  #iou = "-";

  private constructor(stream: NodeJS.WriteStream, bar: SingleBar | null) {
    this.#stream = stream;
    this.#bar = bar;
  }

  /** A bar of `steps` steps on `stream`; a silent one if `quiet`, or if `stream` is no terminal. */
  static async open(stream: NodeJS.WriteStream, steps: number, quiet: boolean): Promise<Progress> {
    const format = "{name}  epoch {epoch}  {bar} {percentage}%  {eta_formatted} left  loss {loss}  val IoU {iou}";
    const bar = quiet ? null : await openBar(stream, steps, format, { name: "", epoch: "-", loss: "-", iou: "-" });
    return new Progress(stream, bar);
  }

  /** Another step of the loss `name`. */
  step(name: string, { loss, epoch }: Running, epochs: number): void {
    if (!this.#bar) return;
    this.#bar.increment(1, { name, epoch: `${epoch}/${epochs}`, loss: loss.toFixed(4), iou: this.#iou });
  }

  /** Shows the latest validation IoU. */
  validated(iou: number): void {
    this.#iou = iou.toFixed(3);
    this.#bar?.update({ iou: this.#iou });
  }

  /** Prints a line above the bar. */
  note(line: string): void {
    if (this.#bar) this.#stream.write(`\n${line}\n`);
  }

  close(): void {
    this.#bar?.stop();
  }
}
