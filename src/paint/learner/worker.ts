// The worker of the page: hands what the page asks to a Learner.
import type { Reply } from "../messages.js";

const post = (reply: Reply) => postMessage(reply);

post({ type: "ready", threads: 1 });
