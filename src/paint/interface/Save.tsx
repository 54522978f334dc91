import { useEffect, useRef } from "preact/hooks";
import { strings } from "../strings.js";
import type { Context } from "./context.js";

/** What can be saved and opened. */
export function Save({ files }: Context) {
  const menu = useRef<HTMLDetailsElement>(null);
  const text = strings.files;
  useEffect(() => {
    const close = ({ target }: Event) => {
      if (menu.current && !menu.current.contains(target as Node)) menu.current.open = false;
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, []);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  const run = (work: () => Promise<void>) => () => {
    close();
    void work();
  };
  return (
    <details ref={menu} class="menu" onKeyDown={({ key }) => key === "Escape" && close()}>
      <summary>{text.label}</summary>
      <div>
        <button type="button" onClick={run(() => files.saveProject())}>
          {text.project}
        </button>
        <button type="button" onClick={run(() => files.saveNetwork("safetensors"))}>
          {text.safetensors}
        </button>
        <button type="button" onClick={run(() => files.saveNetwork("onnx"))}>
          {text.onnx}
        </button>
        <label class="button">
          <input
            type="file"
            accept=".zip,.safetensors"
            onChange={({ currentTarget }) => {
              close();
              void files.open([...(currentTarget.files ?? [])]);
              currentTarget.value = "";
            }}
          />
          {text.open}
        </label>
        <button
          type="button"
          onClick={() => {
            close();
            if (confirm(text.sure)) files.clear();
          }}
        >
          {text.clear}
        </button>
      </div>
    </details>
  );
}
