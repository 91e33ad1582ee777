import { Refusal } from "#platform/refusal";
import { openInputFile, receiveCallback } from "#tools";
import { sendFile } from "./download";
import { soundText } from "./guard";
import { newRouter } from "./router";

/** What the operator's own servers of tools ask of this site (docs/http-tools.md). Signed, so without session or key. */

/** How a run goes on, and ends. */
export const toolCallbacks = newRouter()
  .use(soundText)
  .post("/:run", async (c) => {
    // The very bytes that were signed.
    const body = await c.req.text();
    const { repeated } = await receiveCallback(c.req.param("run"), (name) => c.req.header(name), body);
    return c.json({ received: true, repeated }, 200);
  });

/** The files of a run's input. */
export const toolFiles = newRouter().get("/:run/:position{[0-9]{1,4}}", async (c) => {
  const { run, position } = c.req.param();
  const { expires = "", signature = "" } = c.req.query();
  if (!/^\d{1,12}$/.test(expires)) throw new Refusal("not_found");
  const file = await openInputFile(run, Number(position), { expires: Number(expires), signature });
  const answer = await sendFile(c, file, false);
  // It is good for a while only, and nobody's browser is to keep it.
  answer.headers.set("Cache-Control", "no-store");
  return answer;
});
