// What a newcomer sees: a sample picture, on which two strokes of each class are drawn before their eyes.
import { imageFile } from "./imageFile.js";
import type { Project } from "./project.js";
import type { Stroke } from "./strokes.js";

// nuclei of the 2018 Data Science Bowl (Broad Institute; public domain, CC0), brightened
const SAMPLE = "sample.png";

type Path = readonly (readonly [x: number, y: number])[];

const STROKES: readonly { readonly label: number; readonly path: Path }[] = [
  {
    label: 1,
    path: [
      [49, 84],
      [56, 76],
      [60, 84],
      [52, 90],
    ],
  },
  {
    label: 0,
    path: [
      [22, 140],
      [50, 176],
      [96, 196],
      [140, 200],
    ],
  },
  {
    label: 1,
    path: [
      [166, 104],
      [173, 94],
      [181, 100],
      [170, 106],
    ],
  },
  {
    label: 0,
    path: [
      [92, 78],
      [112, 66],
      [140, 66],
    ],
  },
];

// milliseconds that a stroke takes, and radius of the brush
const DURATION = 350;
const RADIUS = 4;

/** Opens the sample and draws the strokes, at once where motion is to be reduced. `signal` ends it where it is. */
export async function playIntro(project: Project, signal: AbortSignal): Promise<void> {
  const file = await imageFile(SAMPLE);
  // somebody was faster with a picture of their own
  if (project.pictures.value.length > 0) return;
  const [picture] = project.add([{ name: SAMPLE, file }]);
  while (!picture.content.value && project.pictures.value.includes(picture)) await nextFrame();
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const isOver = () => signal.aborted || project.shown.peek() !== picture;
  for (const { label, path } of STROKES) {
    if (isOver()) break;
    const stroke = project.begin("brush", label);
    if (!stroke) break;
    await drawn(project, stroke, path, isStill ? 0 : DURATION, isOver);
    project.end(stroke);
  }
}

async function drawn(project: Project, stroke: Stroke, path: Path, duration: number, isOver: () => boolean): Promise<void> {
  const start = performance.now();
  let share = 0;
  do {
    if (duration > 0) await nextFrame();
    if (isOver()) return;
    const before = share;
    share = duration === 0 ? 1 : Math.min(1, (performance.now() - start) / duration);
    for (const [x, y] of between(path, before, share)) project.draw(stroke, x, y, RADIUS);
  } while (share < 1 && !isOver());
}

// the points of `path` from one share of its length to another
function between(path: Path, from: number, to: number): Path {
  const at = (share: number): readonly [number, number] => {
    const along = share * (path.length - 1);
    const i = Math.min(path.length - 2, Math.floor(along));
    const [[x, y], [nextX, nextY]] = [path[i], path[i + 1]];
    return [x + (along - i) * (nextX - x), y + (along - i) * (nextY - y)];
  };
  const corners = path.map((_, i) => i / (path.length - 1)).filter((share) => share > from && share < to);
  return [from, ...corners, to].map(at);
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
