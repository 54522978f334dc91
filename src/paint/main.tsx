// The page: puts its parts together.
import { render } from "preact";
import { Files } from "./files.js";
import { App } from "./interface/App.js";
import { playIntro } from "./intro.js";
import { keepOffline } from "./offline.js";
import { Project, type Settings } from "./project.js";
import { servedPictures } from "./servedPictures.js";
import { openStorage } from "./storage.js";
import { strings } from "./strings.js";

const project = new Project();
const files = new Files(project);
// for the console, and for tests
Object.assign(globalThis, { project });
render(<App project={project} files={files} />, document.body);

void begin();

// the project as it was left; else the pictures that `lovasz paint --data` serves, or the sample
async function begin(): Promise<void> {
  const touched = new AbortController();
  for (const type of ["pointerdown", "keydown", "drop"]) addEventListener(type, () => touched.abort(), { once: true, capture: true });
  const storage = await openStorage<Settings>((reason) => {
    project.unkept.value = true;
    project.notice.value = strings.storage[reason];
  });
  const isRestored = await project.keepIn(storage);
  const served = await servedPictures();
  const isKnown = await Promise.all(served.map((one) => project.has(one)));
  project.add(served.filter((_, i) => !isKnown[i]));
  void keepOffline().then((isKept) => {
    project.offline.value = isKept;
  });
  if (isRestored || project.pictures.value.length > 0) return;
  project.sample.value = true;
  await playIntro(project, touched.signal);
}
