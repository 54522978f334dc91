// The page as a whole.
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Project } from "../project.js";
import { Stage } from "../stage.js";
import { strings } from "../strings.js";
import { Classes } from "./Classes.js";
import type { Context } from "./context.js";
import { Learning } from "./Learning.js";
import { Notice } from "./Notice.js";
import { Pictures } from "./Pictures.js";
import { Save } from "./Save.js";
import { shortcuts } from "./shortcuts.js";
import { Tools } from "./Tools.js";

export function App({ project, files }: Context) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | null>(null);
  useEffect(() => {
    const own = new Stage(canvas.current as HTMLCanvasElement, project);
    stage.current = own;
    const end = shortcuts(project, own);
    return () => {
      end();
      own.close();
    };
  }, [project]);
  useEffect(() => {
    // anywhere on the page
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      if (event.dataTransfer) void files.drop(event.dataTransfer);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, [files]);
  useSignalEffect(() => {
    const { changes, overlay, compare, shown } = project;
    // what the drawing depends on
    void [changes.value, overlay.value, compare.value, shown.value?.content.value];
    stage.current?.draw();
  });
  return (
    <div class="app">
      <header>
        <h1>{strings.title}</h1>
        <Tools project={project} stage={stage} />
        <Save project={project} files={files} />
      </header>
      <main>
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={project.shown.value ? strings.canvas(project.shown.value.name) : strings.noPicture}
        />
        {project.compare.value && (
          <div class="panes" aria-hidden="true">
            <span>{strings.learning.crossEntropy}</span>
            <span>{strings.learning.lovasz}</span>
          </div>
        )}
        <Hint project={project} />
        <Notice project={project} files={files} />
      </main>
      <aside>
        <Classes project={project} />
        <Learning project={project} />
        <Pictures project={project} files={files} />
        <p class="private" title={strings.policy}>
          {strings.private} (<code>{strings.policy}</code>).
        </p>
      </aside>
    </div>
  );
}

/** One sentence on what to do next. */
function Hint({ project }: Pick<Context, "project">) {
  return <p class="hint">{hintOf(project)}</p>;
}

function hintOf({ pictures, classes, painted, paused, progress, sample }: Project): string {
  const { hint } = strings;
  if (pictures.value.length === 0) return hint.start;
  if (sample.value) return hint.sample;
  const missing = classes.value.findLast((_, label) => !painted.value.has(label));
  if (painted.value.size === 0) return hint.first(classes.value[1].name);
  if (painted.value.size === 1 && missing) return hint.second(missing.name);
  if (paused.value) return hint.paused;
  return progress.value && progress.value.steps > 0 && !progress.value.learning ? hint.settled : hint.correct;
}
