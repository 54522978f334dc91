// 24 x 24, drawn by lines
const PATHS = {
  brush: "M4 20c3 0 5-1 5-4a3 3 0 0 1 6 0M9 14 19 3l2 2-9 11",
  eraser: "M8 20h12M4 15 14 5l6 6-9 9H8z",
  fill: "M5 12 12 4l8 8-7 7a2 2 0 0 1-2 0zM5 12h15M21 16c1 2 1 4 0 4s-1-2 0-4",
  hand: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  undo: "M9 5 4 10l5 5M4 10h9a6 6 0 0 1 0 12h-2",
  redo: "m15 5 5 5-5 5m5-5h-9a6 6 0 0 0 0 12h2",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  overlay: "M2 12c4-8 16-8 20 0-4 8-16 8-20 0zM12 9a3 3 0 1 0 .1 0",
} as const;

/** A picture for a button, which says itself what it is for. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
