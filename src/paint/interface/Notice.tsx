import { strings } from "../strings.js";
import type { Context } from "./context.js";

/** What has just happened: read out, and shown until it is closed. */
export function Notice({ project, files }: Context) {
  const text = project.notice.value;
  return (
    <div class="notice" role="status" hidden={text === null}>
      {text !== null && (
        <>
          <span>{text}</span>
          {project.unkept.value && (
            <button type="button" onClick={() => void files.saveProject()}>
              {strings.files.save}
            </button>
          )}
          <button type="button" aria-label={strings.close} onClick={() => (project.notice.value = null)}>
            ×
          </button>
        </>
      )}
    </div>
  );
}
