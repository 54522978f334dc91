// All that the page and its worker say, in English.

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;

export const strings = {
  title: "Paint",
  hint: {
    sample: "A network is learning these strokes. Paint a few of your own, or drop your pictures here.",
    start: "Drop pictures here, or open some.",
    first: (name: string) => `Paint a stroke over what is ${name}.`,
    second: (name: string) => `Now paint a stroke over what is ${name}: then the network learns.`,
    correct: "Paint where the overlay is wrong, or hatched: there the network is unsure.",
    paused: "Learning is paused.",
    settled: "The network has learned your strokes. Paint where it is wrong.",
  },
  private: "Nothing leaves this page: the browser itself forbids it to send anything",
  policy: "Content-Security-Policy: connect-src 'none'",
  tools: {
    label: "Tools",
    brush: "Brush",
    eraser: "Eraser",
    fill: "Fill",
    hand: "Move",
    size: "Size of the brush",
    pixels: (radius: number) => `${2 * radius} px`,
    undo: "Undo",
    redo: "Redo",
    fit: "Show all",
    zoomIn: "Enlarge",
    zoomOut: "Reduce",
    overlay: "Show the prediction",
  },
  canvas: (name: string) => `${name}. Paint with mouse, pen or finger. Arrow keys move, + and - zoom.`,
  noPicture: "No picture is open",
  alreadyFilled: (name: string) => `This is painted as ${name} already. Choose another class, or click beside the stroke.`,
  notClosed: "The region is not closed: draw its whole outline first, then fill it.",
  classes: {
    label: "Classes",
    background: "background",
    object: "object",
    another: (n: number) => `class ${n}`,
    add: "Add a class",
    remove: (name: string) => `Delete ${name}`,
    name: (n: number) => `Name of class ${n}`,
    colour: (name: string) => `Colour of ${name}`,
    pick: (name: string) => `Paint ${name}`,
    sure: (name: string) => `The strokes of ${name} are deleted on all pictures, which cannot be undone. Go on?`,
    removed: (name: string) => `${name} is deleted, with its strokes.`,
    most: "There can be no more classes.",
  },
  learning: {
    label: "Learning",
    pause: "Pause",
    resume: "Go on",
    startOver: "Start over",
    compare: "Compare with cross-entropy alone (both begin anew)",
    lovasz: "with Lovász",
    crossEntropy: "cross-entropy alone",
    loss: "Loss",
    accuracy: "Right on held-out strokes",
    noAccuracy: "Every fifth stroke of a class is held out, and shows how well the network does.",
    steps: (steps: number, seconds: number) => `${steps} steps, ${seconds.toFixed(seconds < 10 ? 1 : 0)} s`,
    waiting: "Waits for strokes of two classes",
    ready: "Has not learned yet",
    threads: (n: number) => (n === 1 ? "1 thread" : `${n} threads`),
    oneThread: "This site does not share memory between threads, so the network learns on one.",
    reload: "Threads share memory only once this page is reloaded; until then the network learns on one.",
  },
  pictures: {
    label: "Pictures",
    open: "Open pictures",
    folder: "Open a folder",
    painted: (share: number) => `${percent(share)} painted`,
    unsure: (share: number) => `unsure of ${percent(share)}`,
    next: "Paint this next",
    opening: "opening",
    remove: (name: string) => `Close ${name}`,
    sure: (name: string) => `The strokes on ${name} are deleted, which cannot be undone. Go on?`,
    broken: (name: string, why: string) => `${name} cannot be opened: ${why}`,
    none: (name: string) => `${name} is no picture, project or model that this page can open.`,
    leftOut: (n: number) => (n === 1 ? "One file is no picture and was left out." : `${n} files are no pictures and were left out.`),
  },
  files: {
    label: "Save, open",
    project: "Project and masks (zip)",
    safetensors: "Network (safetensors)",
    onnx: "Network (ONNX)",
    open: "Open a project or a model",
    save: "Save the project",
    working: "Writing the files",
    done: (name: string) => `${name} is saved.`,
    doneWithout: (name: string, why: string) => `${name} is saved without the network and its masks: ${why}`,
    changed: "the classes were changed meanwhile; save it again",
    begun: "it began anew meanwhile",
    failed: (why: string) => `It could not be saved: ${why}`,
    notOpened: (name: string, why: string) => `${name} could not be opened: ${why}`,
    oneAtATime: (names: string) => `Open one project or model at a time: ${names} were left out.`,
    opened: (name: string) => `${name} is open.`,
    loaded: (name: string) => `The network goes on from ${name}.`,
    replace: (name: string) =>
      `${name} takes the place of the pictures and strokes that are open, which are deleted from this browser. Go on?`,
    noNetwork: (name: string, why: string) => `The network in ${name} could not be read, so another learns anew: ${why}`,
    clear: "Begin anew",
    sure: "Strokes, pictures and network of this page are deleted from this browser. Go on?",
  },
  storage: {
    refused: "This browser does not keep your work. Save the project before you close the page.",
    full: "The browser has no space left for your work. Save the project before you close the page.",
    otherTab: "Another tab has this page open and keeps its work. What you do here is lost unless you save the project.",
    restored: "Your work is back as you left it.",
    name: "this browser's storage",
  },
  worker: {
    restarted: "The learning had stopped and was started again, from the last network that was kept.",
    lacking: (what: string) => `This browser cannot learn: ${what}.`,
    dead: "The learning stopped again and again. Save the project and reload the page.",
  },
  close: "Close",
};

/** What is wrong with a file, or cannot be done. What begins in the middle of a sentence goes on after the name of its file. */
export const faults = {
  sentence: (name: string, rest: string) => `${name} ${rest}`,
  within: (path: string, name: string) => `${path} in ${name}`,
  damaged: "is damaged",
  zip: {
    none: "is no zip file, or its end is missing",
    outside: "is damaged: its directory does not lie in it",
    cut: "is damaged: its directory ends too soon",
    encrypted: "is encrypted; pack it without a password",
    packing: (method: number) => `is packed in a way that is not known here (${method})`,
    tooLarge: "is a zip file of over 4 GB, which cannot be read here",
    larger: (size: number) => `unpacks to more than the ${size} bytes that it claims`,
    smaller: (size: number, claimed: number) => `unpacks to ${size} bytes, but claims ${claimed}`,
    tooMuch: "this is more than a zip file can hold, 4 GB: save the pictures in several projects",
  },
  png: {
    none: "is no PNG file",
    notGrey: "is no grey PNG file of 8 bits without interlacing",
    truncated: "is truncated",
    size: (came: string, expected: string) => `is ${came} pixels, but its picture is ${expected}`,
  },
  project: {
    none: (name: string, missing: string) =>
      `${name} is no project of this page: ${missing} is missing in it; to open pictures, unpack them and drop them here`,
    missing: (path: string, name: string) => `${path} is missing in ${name}`,
    bytes: (name: string, claimed: number, most: number) => `${name} is too large: it claims ${claimed} bytes, expected at most ${most}`,
    pixels: (name: string, claimed: number, most: number) =>
      `${name} is too large: its pictures have ${claimed} pixels, expected at most ${most}`,
    strokes: (path: string, label: number, classes: number) => `${path} has a class ${label}, but the project has ${classes} classes`,
    version: (came: number, expected: number) => `is of version ${came}, expected ${expected}: reload the page, which may be older`,
    noClasses: "is damaged: it names no classes",
    noPictures: "is damaged: it names no pictures",
  },
  picture: {
    unreadable: "This browser cannot read the file as a picture. Save it as PNG or JPEG and open it again.",
    tooLarge: "The picture is too large for this browser's memory. Make it smaller, or cut it into parts.",
    moved: (name: string) => `${name} can no longer be read, as if it was moved or changed; drop it on the page again`,
    noCanvas: "the browser has no memory left to draw the picture",
    closed: "The picture is not open any more.",
  },
  learner: {
    untaught: "Nothing has been learned yet. Paint a few strokes of two classes first.",
    classes: (came: number, most: number) => `The model has ${came} classes, of which only ${most} could be painted.`,
    model: "The file",
    memory: "There is not enough memory. Close other pictures or tabs and try again.",
    learningMemory: "Learning ran out of memory. Close other pictures or tabs.",
    fault: (what: string) => `Learning stopped by a fault of this page: ${what}`,
    stopped: "the learning has stopped",
    notLoaded: "it could not be loaded",
    silent: "it gave no sign of life",
  },
};

/** What README.txt tells of a saved project. */
interface Described {
  readonly classes: readonly { readonly name: string }[];
  /** How many. */
  readonly pictures: number;
  readonly hasNetwork: boolean;
  readonly hasHeldOut: boolean;
}

/** The text in a saved project; without a network there are no masks. */
export function readme({ classes, pictures, hasNetwork, hasHeldOut }: Described): string {
  const several = classes.length > 2;
  const one = pictures === 1 ? "It needs a second picture, to validate with: paint one, or pass another such folder as --val DIR.\n\n" : "";
  const masks = several ? "classes/    the number of its class for each pixel" : "masks/      0 for the background, 255 for the foreground";
  const names = classes.map(({ name }, label) => `  ${label}: ${name}`).join("\n");
  const heldOut = hasHeldOut ? "\nheld-out/   255 where a stroke is kept back from training, to score the network by" : "";
  const strokes = `strokes/    what was painted: the number of a class, 255 where nothing was${heldOut}`;
  const training = `
Train a network on them anew, in this folder, with Node and no installation:

  npx lovasz train --data .${several ? ` --classes ${classes.length}` : ""}

${one}images/     the pictures
${masks}, as painted, and elsewhere as predicted
overlays/   the pictures with the colours of the classes drawn over them
${strokes}
network.safetensors   the network, for lovasz predict --model
network.onnx          the network, for ONNX Runtime
`;
  const untrained = `
images/     the pictures
${strokes}

There is no network in it, and so there are no masks.
`;
  return `A project of lovasz paint. Open this zip file in the page to go on.
${hasNetwork ? training : untrained}
Classes:
${names}
`;
}
