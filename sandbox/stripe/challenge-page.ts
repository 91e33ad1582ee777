import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { challengePage } from "./checkout-page";
import { page } from "./page";
import { authenticateIntent } from "./payment-intent";
import { authenticateSetup } from "./setup-intent";
import { type Language, languageOfCustomer, words } from "./words";
import type { World } from "./world";

/** The 3-D Secure page of payment and setup intents, where `next_action` leads. */
export function challengePages(world: World): Hono {
  return new Hono()
    .get("/3d-secure/:id", (c) => {
      const language = languageFor(c, world, c.req.param("id"));
      return c.html(challengePage(language, words[language]));
    })
    .post("/3d-secure/:id", async (c) => {
      const id = c.req.param("id");
      const isConfirmed = new URLSearchParams(await c.req.text()).get("result") === "complete";
      const back = returnUrlOf(world, id);
      const intent = world.store.transact(() =>
        id.startsWith("seti_")
          ? authenticateSetup(world, id, isConfirmed).intent
          : authenticateIntent(world, id, isConfirmed).intent,
      );
      if (back) {
        const url = new URL(back);
        url.searchParams.set(intent.object, intent.id);
        url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? "");
        url.searchParams.set("redirect_status", intent.status === "succeeded" ? "succeeded" : "failed");
        return c.redirect(url.href, 303);
      }
      const language = languageFor(c, world, id);
      const t = words[language];
      const said = intent.status === "succeeded" ? t.done : t.notDone;
      return c.html(
        page(language, said, html`<main class="one"><div class="sheet"><h1>${said}</h1></div></main>`),
      );
    });
}

function intentOf(world: World, id: string) {
  return id.startsWith("seti_") ? world.require("setup_intent", id) : world.require("payment_intent", id);
}

function languageFor(c: Context, world: World, id: string): Language {
  return languageOfCustomer(world, intentOf(world, id).customer, c.req.header("accept-language"));
}

function returnUrlOf(world: World, id: string): string | null {
  return intentOf(world, id).next_action?.redirect_to_url?.return_url ?? null;
}
