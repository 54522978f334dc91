// Files that people drop, open and save.
import { openProject } from "./files/openProject.js";
import { projectZip } from "./files/projectZip.js";
import type { Picture } from "./picture.js";
import type { Project } from "./project.js";
import { strings } from "./strings.js";

/** Opens and saves files of a project. */
export class Files {
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Opens what was dropped: files, or folders with all that lies in them. */
  async drop(data: DataTransfer): Promise<void> {
    const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
    const files = [...data.files];
    const found = entries.some((entry) => entry?.isDirectory) ? (await Promise.all(entries.map(filesOf))).flat() : files;
    await this.open(found);
  }

  /** Opens pictures, a project or a model. */
  async open(files: readonly File[]): Promise<void> {
    const project = this.#project;
    const pictures = files.filter(isPicture);
    for (const file of files) {
      if (isPicture(file)) continue;
      // of a folder, only what is of use
      if (files.length > 1) continue;
      if (!(await this.#openOther(file))) project.notice.value = strings.pictures.none(file.name);
    }
    if (pictures.length === 0) return;
    this.#leaveSample();
    const before = project.pictures.value.length;
    const sorted = pictures.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    const added: Picture[] = project.add(sorted.map((file) => ({ name: file.name, file })));
    if (before > 0) project.show(added[0].id);
  }

  async #openOther(file: File): Promise<boolean> {
    const [isModel, isProject] = [".safetensors", ".zip"].map((end) => file.name.toLowerCase().endsWith(end));
    if (!isModel && !isProject) return false;
    try {
      if (isProject) await this.#openProject(file);
      else await this.#openModel(file);
    } catch (error) {
      this.#project.notice.value = strings.files.notOpened(file.name, (error as Error).message);
    }
    return true;
  }

  async #openModel(file: File): Promise<void> {
    await this.#project.load(new Uint8Array(await file.arrayBuffer()));
    this.#project.notice.value = strings.files.loaded(file.name);
  }

  // it takes the place of what is there, once it could be read as a whole
  async #openProject(file: File): Promise<void> {
    const { classes, pictures, network } = await openProject(file, file.name);
    const bytes = network && new Uint8Array(await network.arrayBuffer());
    const project = this.#project;
    const isPainted = !project.sample.value && project.painted.value.size > 0;
    if (isPainted && !confirm(strings.files.replace(file.name))) return;
    project.sample.value = false;
    project.clear();
    const why = await project.restore(classes, bytes);
    if (why !== null) project.notice.value = strings.files.noNetwork(file.name, why);
    project.add(pictures.map((picture) => ({ name: picture.name, file: picture.file, labels: picture.strokes })));
  }

  /** Saves pictures, strokes, masks and network as a zip file. */
  async saveProject(): Promise<void> {
    const project = this.#project;
    const { classes, pictures } = project;
    project.notice.value = strings.files.working;
    try {
      await project.opened();
      const open = pictures.value.flatMap(({ id, name, file, content }) =>
        content.value ? [{ id, name, file, ...size(content.value.strokes), strokes: content.value.strokes.labels }] : [],
      );
      const network = project.hasNetwork ? { safetensors: await project.save("safetensors"), onnx: await project.save("onnx") } : null;
      const predict = (picture: object) => project.labelsOf((picture as (typeof open)[number]).id);
      download(await projectZip({ classes: classes.value, pictures: open, network }, { predict }), "painted.zip");
      project.notice.value = strings.files.done("painted.zip");
    } catch (error) {
      project.notice.value = strings.files.failed((error as Error).message);
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

  // own pictures take the place of the sample
  #leaveSample(): void {
    const project = this.#project;
    if (!project.sample.value) return;
    project.sample.value = false;
    project.clear();
  }
}

const size = ({ width, height }: { width: number; height: number }) => ({ width, height });

const isPicture = ({ name, type }: File) => type.startsWith("image/") || /\.(png|jpe?g|webp|gif|bmp|avif|tiff?)$/i.test(name);

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // the browser reads it after this task
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function filesOf(entry: FileSystemEntry | null): Promise<File[]> {
  if (!entry) return [];
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // it reads some at a time, and at last none
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}
