// The page: puts its parts together.
import { render } from "preact";
import { Files } from "./files.js";
import { App } from "./interface/App.js";
import { playIntro } from "./intro.js";
import { Project } from "./project.js";

const project = new Project();
const files = new Files(project);
// for the console, and for tests
Object.assign(globalThis, { project });
render(<App project={project} files={files} />, document.body);

const touched = new AbortController();
for (const type of ["pointerdown", "keydown", "drop"]) addEventListener(type, () => touched.abort(), { once: true, capture: true });
project.sample.value = true;
void playIntro(project, touched.signal);
