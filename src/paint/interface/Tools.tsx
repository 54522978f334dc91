import type { RefObject } from "preact";
import { MOST_RADIUS, type Tool } from "../project.js";
import type { Stage } from "../stage.js";
import { strings } from "../strings.js";
import type { Context } from "./context.js";
import { Icon } from "./Icon.js";

const TOOLS: readonly { readonly tool: Tool; readonly key: string }[] = [
  { tool: "brush", key: "B" },
  { tool: "eraser", key: "E" },
  { tool: "fill", key: "F" },
  { tool: "hand", key: "Space" },
];

/** The tools, the size of the brush, undo and redo, and what is seen. */
export function Tools({ project, stage }: Pick<Context, "project"> & { stage: RefObject<Stage | null> }) {
  const { tool, radius, overlay, canUndo, canRedo } = project;
  const text = strings.tools;
  return (
    <div class="tools" role="toolbar" aria-label={text.label}>
      {TOOLS.map(({ tool: one, key }) => (
        <button
          type="button"
          key={one}
          aria-pressed={tool.value === one}
          title={`${text[one]} (${key})`}
          onClick={() => (tool.value = one)}
        >
          <Icon name={one} />
          <span class="word">{text[one]}</span>
        </button>
      ))}
      <label class="size" title={`${text.size} ([ ])`}>
        <span class="read">{text.size}</span>
        <input
          type="range"
          min="1"
          max={MOST_RADIUS}
          value={radius.value}
          aria-valuetext={text.pixels(radius.value)}
          onInput={({ currentTarget }) => project.setRadius(Number(currentTarget.value))}
        />
        <output>{text.pixels(radius.value)}</output>
      </label>
      <button type="button" title={`${text.undo} (Ctrl Z)`} aria-label={text.undo} disabled={!canUndo.value} onClick={() => project.undo()}>
        <Icon name="undo" />
      </button>
      <button type="button" title={`${text.redo} (Ctrl Y)`} aria-label={text.redo} disabled={!canRedo.value} onClick={() => project.redo()}>
        <Icon name="redo" />
      </button>
      <button type="button" title={`${text.fit} (0)`} aria-label={text.fit} onClick={() => stage.current?.fit()}>
        <Icon name="fit" />
      </button>
      <button
        type="button"
        title={`${text.overlay} (O)`}
        aria-label={text.overlay}
        aria-pressed={overlay.value}
        onClick={() => (overlay.value = !overlay.value)}
      >
        <Icon name="overlay" />
      </button>
    </div>
  );
}
