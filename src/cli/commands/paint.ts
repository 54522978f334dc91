// The options of `lovasz paint`. ../paint/paint.ts carries out the call, and is loaded only then.
import { Command } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { Io } from "../io.js";
import type { PaintOptions } from "../paint/options.js";

const AFTER = `
Open the printed address in a browser of this machine. The page learns there, in the browser: no picture and no stroke leaves the machine,
as the page may connect to nothing. The browser keeps the work of each port apart, so without --port the port is 8600 each time, or the next
that is free. DIR holds PNG, JPEG or TIFF files, also in subfolders; if there is a folder DIR/images/, they are read from there.
Exit 0: ended by Ctrl-C or another signal; 1: the page or DIR cannot be read; 2: the call is wrong, or the port is taken.`;

/** The command, to be added to the program. */
export function paintCommand(io: Io): Command {
  return new Command("paint")
    .description("serve the page, on this machine only, in which a network learns from strokes that you paint on pictures")
    .option("--data <dir>", "folder of pictures to begin with, or folder with images/", path)
    .option("--port <n>", "serve at this port alone", wholeNumber(1, 65535))
    .addHelpText("after", AFTER)
    .action(async (options: PaintOptions) => {
      const { paint } = await import("../paint/paint.js");
      await paint(options, io);
    });
}
