// `lovasz inspect`: shows what would be read from a data folder, and every doubt, before training.
import { Command } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { DataFolder } from "../data/folder.js";
import { foregroundOf, Memory } from "../data/picture.js";
import { tellDoubts } from "../doubts.js";
import type { Io } from "../io.js";
import {
  COLOURS_HELP,
  coloursOption,
  ignoreOption,
  labelOptions,
  type MaskOptions,
  maskSuffixOption,
  thresholdOption,
} from "./labelOptions.js";

interface Options extends MaskOptions {
  data: string;
  json?: boolean;
  html?: string;
}

const AFTER = `
Exit 0: all files can be read and their meaning is known, though there may be warnings; 1: a file cannot be read, or the meaning
of its values is unclear: one line names the option that settles it; 2: the call is wrong.`;

/** The command, to be added to the program. */
export function inspectCommand(io: Io): Command {
  return new Command("inspect")
    .description("show what would be read from a data folder, and every doubt, before training")
    .requiredOption("--data <dir>", "folder with images/ and masks/ (or classes/)", path)
    .option("--classes <n>", "read class numbers 0 to n-1 from classes/", wholeNumber(2, 255))
    .addOption(ignoreOption())
    .addOption(thresholdOption())
    .addOption(maskSuffixOption())
    .addOption(coloursOption())
    .option("--json", 'print { "pictures", "warnings" } and nothing else')
    .option("--html <file>", "write a page with sizes, class balance, and pictures with their masks", path)
    .addHelpText("after", AFTER + COLOURS_HELP)
    .action((options: Options) => inspect(options, io));
}

async function inspect(options: Options, io: Io): Promise<void> {
  const reading = labelOptions(options);
  const { readFolder } = await import("../data/folder.js");
  const folder = await readFolder(options.data, reading, new Memory(0));
  if (options.html !== undefined) {
    const [{ inspectPage }, { writeWhole }] = await Promise.all([import("../inspect/page.js"), import("../writeWhole.js")]);
    writeWhole(options.html, await inspectPage(options.data, folder, reading.classes));
  }
  if (options.json) {
    io.stdout.write(`${JSON.stringify(forPrograms(folder))}\n`);
    return;
  }
  const { overview } = await import("../inspect/overview.js");
  io.stdout.write(`${await overview(options.data, folder, reading.classes)}\n`);
  tellDoubts(folder.doubts, io);
}

/** What `--json` prints. */
function forPrograms({ pictures, doubts }: DataFolder) {
  return {
    pictures: pictures.map((picture) => {
      const { name, width, height, counts, ignored } = picture;
      return { name, width, height, foreground: foregroundOf(picture), ignored, classes: counts };
    }),
    warnings: doubts,
  };
}
