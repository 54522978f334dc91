import { strings } from "../strings.js";
import type { Context } from "./context.js";

/** The classes: which one is painted, their names and colours. */
export function Classes({ project }: Pick<Context, "project">) {
  const { classes, active } = project;
  const text = strings.classes;
  const remove = (label: number, name: string) => {
    if (project.sample.value || !project.hasStrokes({ label }) || confirm(text.sure(name))) project.removeClass(label);
  };
  return (
    <section aria-label={text.label}>
      <h2>{text.label}</h2>
      <ul class="classes">
        {classes.value.map(({ name, colour }, label) => (
          <li key={label} class={active.value === label ? "active" : ""}>
            <input
              type="radio"
              name="class"
              checked={active.value === label}
              aria-label={text.pick(name)}
              title={`${text.pick(name)}${label < 9 ? ` (${label + 1})` : ""}`}
              onChange={() => project.choose(label)}
            />
            <input
              type="color"
              value={colour}
              aria-label={text.colour(name)}
              title={text.colour(name)}
              onInput={({ currentTarget }) => project.changeClass(label, { colour: currentTarget.value })}
            />
            <input
              type="text"
              value={name}
              maxLength={40}
              aria-label={text.name(label + 1)}
              onPointerDown={() => project.choose(label)}
              onChange={({ currentTarget }) => project.changeClass(label, { name: currentTarget.value.trim() || name })}
            />
            <button
              type="button"
              aria-label={text.remove(name)}
              title={text.remove(name)}
              disabled={classes.value.length <= 2}
              onClick={() => remove(label, name)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => project.addClass()}>
        {text.add}
      </button>
    </section>
  );
}
