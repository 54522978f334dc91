import { useEffect, useRef } from "preact/hooks";
import type { Picture } from "../picture.js";
import { strings } from "../strings.js";
import type { Context } from "./context.js";

// an attribute that the types of preact do not know
const FOLDER = { webkitdirectory: true };

/** The pictures of the project: small, with how much is painted, and the one to paint next. */
export function Pictures({ project, files }: Context) {
  const { pictures, shownId } = project;
  const text = strings.pictures;
  const next = leastSure(pictures.value, shownId.value);
  const open = (input: HTMLInputElement) => {
    void files.open([...(input.files ?? [])]);
    input.value = "";
  };
  const remove = (picture: Picture) => {
    if (!project.hasStrokes({ picture }) || project.sample.value || confirm(text.sure(picture.name))) project.remove(picture.id);
  };
  return (
    <section aria-label={text.label}>
      <h2>{text.label}</h2>
      <ul class="pictures">
        {pictures.value.map((picture) => (
          <li key={picture.id} class={picture.id === shownId.value ? "active" : ""}>
            <button
              type="button"
              class="picture"
              aria-current={picture.id === shownId.value}
              disabled={picture.broken.value !== null}
              onClick={() => project.show(picture.id)}
            >
              <Thumbnail picture={picture} />
              <span>
                {picture.name}
                <small>{factsOf(picture)}</small>
                {picture === next && <strong>{text.next}</strong>}
              </span>
            </button>
            <button type="button" aria-label={text.remove(picture.name)} title={text.remove(picture.name)} onClick={() => remove(picture)}>
              ×
            </button>
          </li>
        ))}
      </ul>
      <p class="row">
        <label class="button">
          <input type="file" multiple accept="image/*" onChange={({ currentTarget }) => open(currentTarget)} />
          {text.open}
        </label>
        <label class="button">
          <input type="file" {...FOLDER} onChange={({ currentTarget }) => open(currentTarget)} />
          {text.folder}
        </label>
      </p>
    </section>
  );
}

function factsOf({ content, broken, painted, unsure }: Picture): string {
  const text = strings.pictures;
  if (broken.value !== null) return broken.value;
  if (content.value === null) return text.opening;
  return [text.painted(painted.value), ...(unsure.value === null ? [] : [text.unsure(unsure.value)])].join(", ");
}

/** The picture that the network is least sure of, other than the one that is shown. */
function leastSure(pictures: readonly Picture[], shown: string | null): Picture | null {
  const others = pictures.filter(({ id, unsure, broken }) => id !== shown && unsure.value !== null && broken.value === null);
  return others.reduce<Picture | null>((most, one) => (most && (most.unsure.value ?? 0) >= (one.unsure.value ?? 0) ? most : one), null);
}

const SIZE = 48;

function Thumbnail({ picture }: { picture: Picture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const bitmap = picture.content.value?.bitmap;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!bitmap || !context) return;
    const scale = Math.max(SIZE / bitmap.width, SIZE / bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    context.drawImage(bitmap, (SIZE - width) / 2, (SIZE - height) / 2, width, height);
  }, [bitmap]);
  return <canvas ref={canvas} width={SIZE} height={SIZE} />;
}
