// Files that people drop, open and save.
import { openProject } from "./files/openProject.js";
import { MANIFEST } from "./files/project.js";
import { type ProjectPicture, projectZip } from "./files/projectZip.js";
import type { Entry } from "./files/readZip.js";
import type { Picture } from "./picture.js";
import type { Project } from "./project.js";
import { strings } from "./strings.js";

/** A file, and its path in what was opened: folders and name. */
interface Given {
  readonly path: string;
  readonly file: File;
}

const NAME = "painted.zip";

/** Opens and saves files of a project. */
export class Files {
  readonly #project: Project;
  // one opening waits for the other: a project takes the place of what is there
  #opening: Promise<void> = Promise.resolve();

  constructor(project: Project) {
    this.#project = project;
  }

  /** Opens what was dropped: files, or folders with all that lies in them. */
  async drop(data: DataTransfer): Promise<void> {
    // which is empty after this task
    const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
    const files = [...data.files];
    if (entries.some((entry) => entry?.isDirectory)) await this.#queue(() => filesOfAll(entries));
    else await this.open(files);
  }

  /** Opens pictures, a project or a model, or a folder of pictures or of a project. Resolves once that, and all before, is opened. */
  open(files: readonly File[]): Promise<void> {
    return this.#queue(async () => files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  }

  #queue(read: () => Promise<readonly Given[]>): Promise<void> {
    const opened = this.#opening.then(async () => this.#open(await read()));
    this.#opening = opened.catch((error: Error) => {
      this.#project.notice.value = strings.files.notOpened(strings.pictures.folder, error.message);
    });
    return this.#opening;
  }

  async #open(given: readonly Given[]): Promise<void> {
    const project = this.#project;
    // of hidden files nobody knows
    const files = given.filter(({ path }) => !/(^|\/)\./.test(path));
    const manifests = files.filter(({ path }) => nameOf(path) === MANIFEST).sort((a, b) => a.path.length - b.path.length);
    if (manifests.length > 0) {
      // a project that was unpacked, and perhaps pictures beside it
      const folder = manifests[0].path.slice(0, -MANIFEST.length);
      const inside = files.filter(({ path }) => path.startsWith(folder));
      const entries = new Map(inside.map(({ path, file }) => [path, { size: file.size, read: async () => file }]));
      const isOpened = await this.#attempt(folder.split("/").at(-2) ?? MANIFEST, (name) => this.#openProject(entries, name));
      this.#openPictures(files.filter((one) => isPicture(one.file) && !(isOpened && inside.includes(one))));
      return;
    }
    const others = files.filter(({ file }) => isProject(file) || isModel(file));
    const isAlone = others.length === 1 && !others[0].path.includes("/");
    const pictures = files.filter(({ file }) => isPicture(file));
    if (isAlone) {
      const [{ file }] = others;
      const opened = isProject(file) ? this.#openProject : this.#openModel;
      const isOpened = await this.#attempt(file.name, (name) => opened.call(this, file, name));
      this.#openPictures(pictures);
      if (!isOpened) return;
    } else this.#openPictures(pictures);
    const left = files.length - pictures.length - (isAlone ? 1 : 0);
    if (files.length === 1 && left === 1 && others.length === 0) project.notice.value = strings.pictures.none(files[0].file.name);
    else if (others.length > 1) project.notice.value = strings.files.oneAtATime(others.map(({ file }) => file.name).join(", "));
    else if (left > 0) project.notice.value = strings.pictures.leftOut(left);
  }

  #openPictures(pictures: readonly Given[]): void {
    if (pictures.length === 0) return;
    const project = this.#project;
    project.leaveSample(false);
    const before = project.pictures.value.length;
    const sorted = pictures.toSorted((a, b) => a.file.name.localeCompare(b.file.name, "en", { numeric: true }));
    const added: Picture[] = project.add(sorted.map(({ file }) => ({ name: file.name, file })));
    if (before > 0) project.show(added[0].id);
  }

  async #attempt(name: string, open: (name: string) => Promise<void>): Promise<boolean> {
    try {
      await open(name);
      return true;
    } catch (error) {
      this.#project.notice.value = strings.files.notOpened(name, (error as Error).message);
      return false;
    }
  }

  async #openModel(file: File, name: string): Promise<void> {
    const project = this.#project;
    await project.load(new Uint8Array(await file.arrayBuffer()));
    project.leaveSample(true);
    project.notice.value = strings.files.loaded(name);
  }

  // it takes the place of what is there, once it could be read as a whole
  async #openProject(file: File | ReadonlyMap<string, Entry>, name: string): Promise<void> {
    const { classes, pictures, network } = await openProject(file, name);
    const bytes = network && new Uint8Array(await network.arrayBuffer());
    const project = this.#project;
    if (!project.sample.value && project.hasStrokes() && !confirm(strings.files.replace(name))) return;
    project.sample.value = false;
    project.clear();
    const why = await project.restore(classes, bytes);
    // which may have come meanwhile, while the page began
    project.leaveSample(true);
    project.add(pictures.map((picture) => ({ name: picture.name, file: picture.file, labels: picture.strokes })));
    project.notice.value = why === null ? strings.files.opened(name) : strings.files.noNetwork(name, why);
  }

  /** Saves pictures, strokes, masks and network as a zip file; where the network cannot be had, the others. */
  async saveProject(): Promise<void> {
    const project = this.#project;
    project.notice.value = strings.files.working;
    const release = project.hold();
    try {
      await project.opened();
      const { begun, classChanges, classes, hasNetwork } = project;
      const ids = new Map<ProjectPicture, string>();
      for (const { id, name, file, content } of project.pictures.value) {
        if (!content.value) continue;
        const { width, height, labels } = content.value.strokes;
        // as it is now: it may be painted on meanwhile
        ids.set({ name, file, width, height, strokes: labels.slice() }, id);
      }
      const known = classes.value;
      const isOpen = (picture: ProjectPicture) => project.pictures.value.some(({ id }) => id === ids.get(picture));
      const predict = (picture: ProjectPicture) => project.labelsOf(ids.get(picture) as string);
      const zip = async (pictures: readonly ProjectPicture[], isWhole: boolean) => {
        const network = isWhole ? { safetensors: await project.save("safetensors"), onnx: await project.save("onnx") } : null;
        const packed = await projectZip({ classes: known, pictures, network }, { predict }).catch((error) => {
          throw project.classChanges === classChanges ? error : new Error(strings.files.changed);
        });
        if (project.classChanges !== classChanges) throw new Error(strings.files.changed);
        if (isWhole && project.begun !== begun) throw new Error(strings.files.begun);
        return packed;
      };
      let why: string | null = null;
      const all = [...ids.keys()];
      const file = await zip(all, hasNetwork).catch((error: Error) => {
        if (!hasNetwork || project.classChanges !== classChanges) throw error;
        // some were closed meanwhile
        if (!all.every(isOpen)) return zip(all.filter(isOpen), hasNetwork);
        why = error.message;
        return zip(all, false);
      });
      download(file, NAME);
      project.notice.value = why === null ? strings.files.done(NAME) : strings.files.doneWithout(NAME, why);
    } catch (error) {
      project.notice.value = strings.files.failed((error as Error).message);
    } finally {
      release();
    }
  }

  /** Saves the network. */
  async saveNetwork(format: "safetensors" | "onnx"): Promise<void> {
    const project = this.#project;
    try {
      const bytes = await project.save(format);
      const name = `network.${format}`;
      download(new Blob([bytes as BlobPart]), name);
      project.notice.value = strings.files.done(name);
    } catch (error) {
      project.notice.value = strings.files.failed((error as Error).message);
    }
  }

  clear(): void {
    this.#project.clear();
  }
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

const isProject = ({ name }: File) => /\.zip$/i.test(name);
const isModel = ({ name }: File) => /\.safetensors$/i.test(name);
const isPicture = ({ name, type }: File) => type.startsWith("image/") || /\.(png|jpe?g|webp|gif|bmp|avif|tiff?)$/i.test(name);

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // the browser reads it after this task
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const filesOfAll = async (entries: readonly (FileSystemEntry | null)[]) => (await Promise.all(entries.map(filesOf))).flat();

async function filesOf(entry: FileSystemEntry | null): Promise<Given[]> {
  if (!entry) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Given[] = [];
  // it reads some at a time, and at last none
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}
