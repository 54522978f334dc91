import { strings } from "../strings.js";
import type { Context } from "./context.js";

/** What has just happened: read out, and shown until it is closed. */
export function Notice({ project }: Pick<Context, "project">) {
  const text = project.notice.value;
  return (
    <div class="notice" role="status" hidden={text === null}>
      {text !== null && (
        <>
          <span>{text}</span>
          <button type="button" aria-label={strings.close} onClick={() => (project.notice.value = null)}>
            ×
          </button>
        </>
      )}
    </div>
  );
}
