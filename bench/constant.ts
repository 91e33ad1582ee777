import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { config } from "#platform/config";

/** A Hono app that answers a constant and does nothing else: what HTTP alone costs. */
const app = new Hono();
app.get("/api/v1/charges", (c) => c.text("ready"));
app.post("/api/v1/charges", (c) =>
  c.json(
    { account: "acct_00000000000000000000000000", credits: 1, available: 1, held: 0, repeated: false },
    201,
  ),
);
createServer(getRequestListener(app.fetch)).listen(config().PORT, "127.0.0.1");
