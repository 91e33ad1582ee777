import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isStaff, readSession } from "#identity";
import { arrivalOf, choiceCookie, countryOf, pagePath, trackUserAction, type UserAction } from "#insight";
import { config } from "#platform/config";
import { Refusal } from "#platform/refusal";
import { storable } from "#platform/storable";
import { addressOfCaller } from "./caller";
import { type ApiEnv, newRouter } from "./router";

/**
 * What our own pages tell of a visit, in one small request that no page waits for; and the answer to the
 * banner that asks for consent. For pages, no part of the API that others use.
 */

const text = (most: number) => z.string().transform((value) => storable(value, most));

const visitSchema = z.object({
  name: z.enum(["page_viewed", "search_without_result"]),
  path: text(500),
  /** The page that linked here and the query of the address, told with the first view only. */
  referrer: text(2000).default(""),
  search: text(2000).default(""),
  /** What was searched for in vain. */
  query: text(80).default(""),
  /** The browser is driven by a program: counted on development sites alone, where tests are. */
  automated: z.boolean().default(false),
});

const choiceSchema = z.object({ granted: z.boolean() });

export const visits = newRouter()
  .post("/", async (c) => {
    const said = visitSchema.safeParse(await c.req.json().catch(() => null));
    if (said.success) await count(c, said.data);
    return c.body(null, 204);
  })
  .post("/choice", async (c) => {
    const said = choiceSchema.safeParse(await c.req.json().catch(() => null));
    if (!said.success) throw new Refusal("malformed_request");
    const { granted } = said.data;
    c.header("Set-Cookie", choiceCookie(granted), { append: true });
    return c.body(null, 204);
  });

async function count(c: Context<ApiEnv>, visit: z.infer<typeof visitSchema>): Promise<void> {
  if (visit.automated && config().production) return;
  const { headers } = c.req.raw;
  const session = await readSession(headers);
  if (session && (session.awaitsCode || isStaff(session.user.role))) return;
  const action: UserAction = visit.name;
  const path = pagePath(visit.path);
  // The back office and the pages of a development site are not the product.
  if (/^\/(admin|dev)(\/|$)/.test(path)) return;
  const ownHost = new URL(config().baseUrl).hostname;
  trackUserAction(
    action,
    {
      userId: session?.user.id ?? null,
      accountId: session?.accountId ?? null,
      request: { headers, address: addressOfCaller(c) },
    },
    action === "search_without_result" ? { query: visit.query } : {},
    {
      path,
      arrival: arrivalOf(visit.referrer, visit.search, ownHost),
      country: countryOf(headers, config().COUNTRY_HEADER),
    },
  );
}
