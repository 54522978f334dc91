// The keys of the page; none of them while text is typed.
import { tinykeys } from "tinykeys";
import type { Project } from "../project.js";
import type { Stage } from "../stage.js";

const isTyping = ({ target }: KeyboardEvent) => target instanceof HTMLInputElement && target.type === "text";

const isButton = ({ target }: KeyboardEvent) => target instanceof HTMLElement && target.matches("button, summary, input, label");

/** Listens to the keys; the result ends it. */
export function shortcuts(project: Project, stage: Stage): () => void {
  const { tool, radius, overlay, paused, pictures, shownId } = project;
  const resized = (factor: number) => {
    const next = Math.round(radius.value * factor) + (factor > 1 ? 1 : -1) * Number(Math.round(radius.value * factor) === radius.value);
    project.setRadius(next);
  };
  const turned = (by: number) => {
    const all = pictures.value.filter(({ broken }) => broken.value === null);
    const at = all.findIndex(({ id }) => id === shownId.value);
    if (all.length > 0) project.show(all[(at + by + all.length) % all.length].id);
  };
  const numbers = Array.from({ length: 9 }, (_, i) => [String(i + 1), () => project.choose(i)]);
  const keys: Record<string, () => void> = {
    "$mod+KeyZ": () => project.undo(),
    "$mod+KeyY": () => project.redo(),
    "$mod+Shift+KeyZ": () => project.redo(),
    "[": () => resized(0.8),
    "]": () => resized(1.25),
    b: () => (tool.value = "brush"),
    e: () => (tool.value = tool.value === "eraser" ? "brush" : "eraser"),
    f: () => (tool.value = "fill"),
    h: () => (tool.value = "hand"),
    o: () => (overlay.value = !overlay.value),
    p: () => project.setPaused(!paused.value),
    n: () => turned(1),
    "Shift+N": () => turned(-1),
    "0": () => stage.fit(),
    "+": () => stage.zoom(1.5),
    "=": () => stage.zoom(1.5),
    "Shift+Equal": () => stage.zoom(1.5),
    "-": () => stage.zoom(1 / 1.5),
    ...Object.fromEntries(numbers),
  };
  const arrows: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const bound = Object.entries(keys).map(([key, act]) => [
    key,
    (event: KeyboardEvent) => {
      event.preventDefault();
      act();
    },
  ]);
  const moves = Object.entries(arrows).map(([key, [x, y]]) => [
    key,
    (event: KeyboardEvent) => {
      if (!(event.target instanceof HTMLCanvasElement)) return;
      event.preventDefault();
      stage.step(x, y);
    },
  ]);
  const endKeys = tinykeys(window, Object.fromEntries([...bound, ...moves]), { ignore: (event) => event.isComposing || isTyping(event) });
  const space = (event: KeyboardEvent) => {
    if (event.code !== "Space") return;
    const isOther = isTyping(event) || isButton(event);
    if (!isOther) event.preventDefault();
    // wherever it is released
    if (event.type === "keyup") stage.hold(false);
    else if (!isOther) stage.hold(true);
  };
  const release = () => stage.hold(false);
  // a button that was clicked does not take the focus, and with it the space bar
  const stay = (event: MouseEvent) => {
    if (!(event.target instanceof Element && event.target.closest("button"))) return;
    event.preventDefault();
    // text that was typed counts
    const { activeElement } = document;
    if (activeElement instanceof HTMLInputElement && activeElement.type === "text") activeElement.blur();
  };
  addEventListener("keydown", space);
  addEventListener("keyup", space);
  addEventListener("blur", release);
  addEventListener("mousedown", stay);
  return () => {
    endKeys();
    removeEventListener("keydown", space);
    removeEventListener("keyup", space);
    removeEventListener("blur", release);
    removeEventListener("mousedown", stay);
  };
}
