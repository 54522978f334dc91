// The page: starts the learner and shows the application.
import { render } from "preact";

const learner = new Worker(new URL("./learner.js", import.meta.url), { type: "module" });
learner.onmessage = ({ data }) => render(<p>{JSON.stringify(data)}</p>, document.body);
