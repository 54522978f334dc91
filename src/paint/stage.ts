// The canvas: draws the picture with its overlay, and turns what mouse, pen, fingers and wheel do into strokes and views.
import type { Box, Rival } from "./messages.js";
import type { Project } from "./project.js";
import { MOST_RADIUS, rivalsOf } from "./project.js";
import type { Stroke } from "./strokes.js";
import { fitted, inSight, moved, pointAt, type Size, seen, type View, zoomed } from "./view.js";

interface Point {
  readonly x: number;
  readonly y: number;
}

// how many CSS pixels an arrow key moves
const STEP = 40;
// how much a notch of the wheel enlarges: pixels of its delta for a doubling
const DOUBLING = 300;

/** The canvas of the page. */
export class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #project: Project;
  #size: Size = { width: 1, height: 1 };
  #view: View = { scale: 1, left: 0, upper: 0 };
  // the picture that the view is of, by its id
  #viewed: string | null = null;
  // whether the whole picture is shown, whatever the size of the canvas
  #isFitted = true;
  #isDue = false;
  readonly #fingers = new Map<number, Point>();
  #painting: { readonly stroke: Stroke; readonly pointer: number; readonly isTouch: boolean } | null = null;
  #panning: number | null = null;
  // where the pointer that is to fill went down; it fills once it is lifted, unless another finger joins it
  #filling: (Point & { readonly pointer: number; readonly picture: string | null }) | null = null;
  // where the pane begins on which pointers went down: what they do stays in it
  #paneLeft = 0;
  #cursor: Point | null = null;
  #isSpaceDown = false;
  // one that holds a pen paints with it, and rests the hand on the screen
  #hasPen = false;
  #looked = "";
  readonly #observer: ResizeObserver;

  constructor(canvas: HTMLCanvasElement, project: Project) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    this.#project = project;
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
    canvas.addEventListener("pointerleave", () => this.#hover(null));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  close(): void {
    this.#observer.disconnect();
  }

  /** Has the canvas drawn before the next frame. */
  draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#paint();
    });
  }

  /** Shows the whole picture. */
  fit(): void {
    this.#isFitted = true;
    this.draw();
  }

  /** Enlarges around the middle. */
  zoom(factor: number): void {
    const { width, height } = this.#pane();
    this.#zoomAt(factor, width / 2, height / 2);
  }

  /** Moves by steps of an arrow key. */
  step(x: number, y: number): void {
    this.#show(moved(this.#view, -x * STEP, -y * STEP));
  }

  /** Whether the space bar is held: dragging moves the picture. */
  hold(isDown: boolean): void {
    this.#isSpaceDown = isDown;
    this.draw();
  }

  #picture(): Size | null {
    const content = this.#project.shown.peek()?.content.peek();
    return content ? content.strokes : null;
  }

  // while losses are compared there are two panes side by side
  #pane(): Size {
    return { width: this.#size.width / rivalsOf(this.#project.compare.peek()).length, height: this.#size.height };
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#size = { width: clientWidth, height: clientHeight };
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#paint();
  }

  #show(view: View): void {
    const picture = this.#picture();
    if (!picture) return;
    this.#view = inSight(view, picture, this.#pane());
    this.#isFitted = false;
    this.draw();
  }

  #zoomAt(factor: number, x: number, y: number): void {
    const picture = this.#picture();
    if (!picture) return;
    const least = Math.min(1, fitted(picture, this.#pane()).scale / 2);
    this.#show(zoomed(this.#view, factor, x, y, least));
  }

  get #isBusy(): boolean {
    return this.#painting !== null || this.#panning !== null || this.#filling !== null || this.#fingers.size > 0;
  }

  // a point of an event, in CSS pixels of its pane
  #at(event: PointerEvent | WheelEvent): Point {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const x = event.clientX - left;
    const { width } = this.#pane();
    if (!this.#isBusy) this.#paneLeft = x < width || !this.#project.compare.peek() ? 0 : width;
    return { x: x - this.#paneLeft, y: event.clientY - top };
  }

  #down(event: PointerEvent): void {
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    const isTouch = event.pointerType === "touch";
    if (event.pointerType === "pen") this.#hasPen = true;
    if (isTouch) this.#fingers.set(event.pointerId, at);
    if (this.#fingers.size > 1 || this.#hasPen) {
      // two fingers never paint, nor does one beside a pen, not even what it has begun
      if (this.#painting?.isTouch) this.#stop(true);
      if (isTouch) {
        if (this.#panning !== null && this.#fingers.has(this.#panning)) this.#panning = null;
        if (this.#filling && this.#fingers.has(this.#filling.pointer)) this.#filling = null;
        return;
      }
    }
    // one pointer paints or fills at a time; it may have been lifted where the page did not hear of it
    if (this.#painting?.pointer === event.pointerId) this.#stop(false);
    if (this.#filling?.pointer === event.pointerId) this.#filling = null;
    if (this.#painting || this.#filling) return;
    const { tool } = this.#project;
    if (event.button === 1 || this.#isSpaceDown || tool.value === "hand") {
      this.#panning = event.pointerId;
      this.#cursor = at;
      return;
    }
    if (tool.value === "fill" && event.button === 0) {
      this.#filling = { ...pointAt(this.#view, at.x, at.y), pointer: event.pointerId, picture: this.#project.shownId.peek() };
      return;
    }
    // the other end of a pen, and the right button, erase
    const isEraser = tool.value === "eraser" || event.button === 2 || event.button === 5;
    const stroke = this.#project.begin(isEraser ? "eraser" : "brush");
    if (!stroke) return;
    this.#painting = { stroke, pointer: event.pointerId, isTouch };
    this.#line(event, stroke);
  }

  #move(event: PointerEvent): void {
    const at = this.#at(event);
    if (this.#painting && this.#painting.pointer !== event.pointerId) return;
    if (
      event.pointerType === "touch" &&
      this.#fingers.has(event.pointerId) &&
      !this.#painting &&
      !this.#filling &&
      this.#panning === null
    ) {
      this.#pinch(event.pointerId, at);
      return;
    }
    if (this.#panning === event.pointerId) {
      const before = this.#cursor ?? at;
      this.#cursor = at;
      this.#show(moved(this.#view, at.x - before.x, at.y - before.y));
      return;
    }
    if (this.#painting) for (const one of coalesced(event)) this.#line(one, this.#painting.stroke);
    this.#hover(event.pointerType === "touch" ? null : at);
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#panning === event.pointerId) this.#panning = null;
    if (this.#filling?.pointer === event.pointerId) {
      const { x, y, picture } = this.#filling;
      this.#filling = null;
      if (event.type !== "pointercancel" && picture === this.#project.shownId.peek()) {
        this.#project.takeOver();
        this.#project.fill(Math.floor(x), Math.floor(y));
      }
    }
    if (this.#painting?.pointer === event.pointerId) this.#stop(event.type === "pointercancel");
  }

  #stop(isCancelled: boolean): void {
    if (!this.#painting) return;
    const { stroke } = this.#painting;
    this.#painting = null;
    if (isCancelled) {
      this.#project.cancel(stroke);
      return;
    }
    this.#project.takeOver();
    this.#project.end(stroke);
  }

  #line(event: PointerEvent, stroke: Stroke): void {
    const at = this.#at(event);
    const { x, y } = pointAt(this.#view, at.x, at.y);
    const isPen = event.pointerType === "pen" && event.pressure > 0;
    const radius = this.#project.radius.value * (isPen ? 0.4 + 0.6 * event.pressure : 1);
    this.#project.draw(stroke, x, y, radius);
  }

  // one finger moves where a pen paints; two move and enlarge
  #pinch(id: number, at: Point): void {
    const before = this.#fingers.get(id) as Point;
    const other = [...this.#fingers].find(([one]) => one !== id)?.[1];
    this.#fingers.set(id, at);
    if (!other) {
      if (this.#hasPen) this.#show(moved(this.#view, at.x - before.x, at.y - before.y));
      return;
    }
    const distance = (a: Point, b: Point) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    const [x, y] = [(at.x + other.x) / 2, (at.y + other.y) / 2];
    this.#zoomAt(distance(at, other) / distance(before, other), x, y);
    this.#show(moved(this.#view, (at.x - before.x) / 2, (at.y - before.y) / 2));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.#at(event);
    const pixels = event.deltaY * (event.deltaMode === 1 ? 20 : 1);
    // the gesture of two fingers on a touchpad comes with the control key, and in small numbers
    this.#zoomAt(2 ** ((-pixels * (event.ctrlKey ? 5 : 1)) / DOUBLING), x, y);
  }

  #hover(at: Point | null): void {
    if (this.#panning !== null) return;
    this.#cursor = at;
    this.draw();
  }

  #paint(): void {
    const context = this.#context;
    const { compare, shown } = this.#project;
    const picture = shown.peek();
    const content = picture?.content.peek();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = getComputedStyle(this.#canvas).backgroundColor;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!picture || !content) return;
    const pane = this.#pane();
    if (this.#viewed !== picture.id) this.#isFitted = true;
    this.#viewed = picture.id;
    if (this.#isFitted) this.#view = fitted(content.strokes, pane);
    const box = seen(this.#view, content.strokes, pane);
    for (const [i, rival] of rivalsOf(compare.peek()).entries()) this.#paintPane(i, rival, box);
    this.#tell(picture.id, box);
  }

  #paintPane(i: number, rival: Rival, box: Box): void {
    const content = this.#project.shown.peek()?.content.peek();
    if (!content) return;
    const context = this.#context;
    const { width, height } = this.#pane();
    const { scale, left, upper } = this.#view;
    const ratio = devicePixelRatio;
    context.save();
    context.setTransform(ratio, 0, 0, ratio, i * width * ratio, 0);
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    context.transform(scale, 0, 0, scale, left, upper);
    context.imageSmoothingEnabled = scale * ratio < 2;
    context.drawImage(content.bitmap, 0, 0);
    const { labels, layer } = content.predicted[rival];
    layer.draw(context, box, content.strokes.labels, labels, this.#project.overlay.peek());
    if (this.#cursor && this.#panning === null) this.#paintCursor(this.#cursor);
    context.restore();
  }

  // the outline of the brush, dark and light so that it shows on any picture
  #paintCursor(at: Point): void {
    const tool = this.#project.tool.peek();
    if (this.#isSpaceDown || tool === "hand" || tool === "fill") return;
    const context = this.#context;
    const { scale } = this.#view;
    const { x, y } = pointAt(this.#view, at.x, at.y);
    for (const [colour, width] of [
      ["#000", 3],
      ["#fff", 1.5],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width / scale;
      context.beginPath();
      context.arc(x, y, Math.min(MOST_RADIUS, this.#project.radius.peek()), 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #tell(picture: string, box: Box): void {
    const looked = `${picture} ${Object.values(box)}`;
    if (looked === this.#looked) return;
    this.#looked = looked;
    this.#project.look(box);
  }
}

const coalesced = (event: PointerEvent): PointerEvent[] => {
  const events = event.getCoalescedEvents?.() ?? [];
  return events.length > 0 ? events : [event];
};
