// A whole call of `lovasz paint`: reads the page, serves it, and ends at a signal.
import { tellDoubts } from "../doubts.js";
import { WrongCall } from "../exits.js";
import type { Io } from "../io.js";
import { Interrupt } from "../run/interrupt.js";
import { answering } from "./answer.js";
import { findShared, NOTHING_SHARED } from "./findShared.js";
import { listen, type Site } from "./listen.js";
import type { PaintOptions } from "./options.js";
import { readPage } from "./readPage.js";

/** The port where none is asked for: one that is the same each time, as browsers keep the work of each port apart. */
const PORT = 8600;
/** So many further ports are tried. */
const FURTHER = 20;

/** Carries out a call of `lovasz paint`: resolves at a signal. Throws `LovaszError` "data", and `WrongCall` where the port is taken. */
export async function paint({ data, port }: PaintOptions, io: Io): Promise<void> {
  const { pictures, doubts } = data === undefined ? NOTHING_SHARED : await findShared(data);
  const answer = answering(await readPage([...pictures.keys()]), pictures);
  const site = port === undefined ? await listenAtFirst(answer) : await listen(port, answer);
  if (!site) {
    const cure = port === undefined ? "pass --port" : "leave out --port, or pass another";
    throw new WrongCall(`port ${port ?? `${PORT}, and each of the ${FURTHER} after it,`} cannot be listened at; ${cure}`);
  }
  tellDoubts(doubts, io);
  if (port === undefined && site.port !== PORT) {
    tellDoubts([`port ${PORT} is taken, so the page is at another, where the browser has not kept the work of that one`], io);
  }
  io.stdout.write(`http://127.0.0.1:${site.port}/\n`);
  if (io.stderr.isTTY) io.stderr.write("open this address in a browser; Ctrl-C ends it\n");
  await signal();
  await site.close();
}

async function listenAtFirst(answer: Parameters<typeof listen>[1]): Promise<Site | null> {
  for (let port = PORT; port <= PORT + FURTHER; port++) {
    const site = await listen(port, answer);
    if (site) return site;
  }
  return null;
}

function signal(): Promise<void> {
  return new Promise((resolve) => {
    const interrupt = new Interrupt(
      () => {
        interrupt.close();
        resolve();
      },
      () => {},
    );
  });
}
