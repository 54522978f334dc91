// The worker of the page: hands what the page asks to a Learner, and what that tells to the page.
import type { Reply, Request } from "../messages.js";
import { decode } from "./decode.js";
import { Learner } from "./Learner.js";
import { whyDead } from "./sentences.js";
import { startThreads } from "./startThreads.js";

const post = (reply: Reply) => postMessage(reply);

const learner = new Learner({ reply: post, decode });
addEventListener("message", ({ data }: MessageEvent<Request>) => learner.hear(data));

startThreads()
  .then((threads) => {
    post({ type: "ready", threads });
    return learner.run();
  })
  .catch((error) => post({ type: "dead", why: whyDead(error) }));
