import type { Rival } from "../messages.js";
import { type Point, rivalsOf } from "../project.js";
import { strings } from "../strings.js";
import type { Context } from "./context.js";

const [WIDTH, HEIGHT] = [260, 56];

/** How the learning goes, and what to do about it. */
export function Learning({ project }: Pick<Context, "project">) {
  const { progress, points, paused, compare, threads, offline, painted } = project;
  const text = strings.learning;
  const now = progress.value;
  const rivals = rivalsOf(compare.value);
  const hasAccuracy = rivals.some((rival) => now?.accuracy[rival] !== undefined);
  return (
    <section aria-label={text.label}>
      <h2>{text.label}</h2>
      <p class="facts">
        {now && now.steps > 0 ? text.steps(now.steps, now.seconds) : painted.value.size > 1 ? text.ready : text.waiting}
        {threads.value !== null && ` · ${text.threads(threads.value)}`}
      </p>
      <Curve name={text.loss} points={points.value} rivals={rivals} of={({ loss }, rival) => loss[rival]} most={null} />
      {hasAccuracy ? (
        <Curve name={text.accuracy} points={points.value} rivals={rivals} of={({ accuracy }, rival) => accuracy[rival]} most={1} />
      ) : (
        <p class="facts">{text.noAccuracy}</p>
      )}
      <p class="row">
        <button type="button" aria-pressed={paused.value} title={`${text.pause} (P)`} onClick={() => project.setPaused(!paused.value)}>
          {paused.value ? text.resume : text.pause}
        </button>
        <button type="button" onClick={() => project.startOver()}>
          {text.startOver}
        </button>
      </p>
      <label class="row">
        <input type="checkbox" checked={compare.value} onChange={({ currentTarget }) => project.setCompare(currentTarget.checked)} />
        {text.compare}
      </label>
      {threads.value === 1 && !globalThis.crossOriginIsolated && <p class="facts">{offline.value ? text.reload : text.oneThread}</p>}
    </section>
  );
}

interface CurveOptions {
  readonly name: string;
  readonly points: readonly Point[];
  readonly rivals: readonly Rival[];
  readonly of: (point: Point, rival: Rival) => number | undefined;
  /** The top of the plot; null for the largest value. */
  readonly most: number | null;
}

/** A small curve over the seconds of training, and its last value as a number. */
function Curve({ name, points, rivals, of, most }: CurveOptions) {
  const curves = rivals.map((rival) => ({
    rival,
    values: points.flatMap((point) => {
      const value = of(point, rival);
      return value === undefined ? [] : [{ seconds: point.seconds, value }];
    }),
  }));
  const all = curves.flatMap(({ values }) => values);
  const top = most ?? all.reduce((highest, { value }) => Math.max(highest, value), 1e-6);
  const end = all.reduce((last, { seconds }) => Math.max(last, seconds), 1e-6);
  const last = curves.map(({ rival, values }) => {
    const { value } = values.at(-1) ?? {};
    const number = value === undefined ? "–" : most === 1 ? `${(100 * value).toFixed(0)} %` : value.toFixed(2);
    return rivals.length > 1 ? `${strings.learning[rival]} ${number}` : number;
  });
  return (
    <figure>
      <figcaption>
        {name} <b>{last.join(", ")}</b>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {curves.map(({ rival, values }) => (
          <polyline
            key={rival}
            class={rival}
            points={values.map(({ seconds, value }) => `${(WIDTH * seconds) / end},${HEIGHT - 2 - ((HEIGHT - 4) * value) / top}`).join(" ")}
          />
        ))}
      </svg>
    </figure>
  );
}
