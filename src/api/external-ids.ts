import { createRoute, z } from "@hono/zod-openapi";
import { accountByMail, accountByName, forgetExternalId, nameAccount } from "#identity";
import { needsKey } from "./caller";
import { problems } from "./problem";
import { newRouter } from "./router";

/** The operator's own ids for customers, which a service key may send in `Toolmint-Account`. */

const scope = "accounts.write";
const tags = ["Metering"];

const externalIdSchema = z
  .string()
  .regex(/^(?!acct_)[\x21-\x7e]{1,128}$/, "1 to 128 visible ASCII characters, not beginning with acct_")
  .openapi({ example: "customer-42" });
const params = z.object({ externalId: externalIdSchema });
const namedSchema = z.object({ externalId: externalIdSchema, account: z.string() }).openapi("ExternalId");
const whomSchema = z
  .union([
    z.strictObject({ account: z.string().regex(/^acct_[0-9a-z]{26}$/, "an account's id") }),
    z.strictObject({ email: z.email().max(320) }),
  ])
  .openapi("ExternalIdFor");

const named = { "application/json": { schema: namedSchema } };
const whoCodes = ["key_invalid", "forbidden", "scope_missing", "not_found", "invalid_request"] as const;

const putRoute = createRoute({
  method: "put",
  path: "/external-ids/{externalId}",
  tags,
  summary: "Name a customer by your own id",
  description:
    "By account, or by the mail address the customer confirmed. It takes the place of the name the account had.",
  ...needsKey(scope),
  request: { params, body: { required: true, content: { "application/json": { schema: whomSchema } } } },
  responses: {
    200: { description: "The account has this name.", content: named },
    ...problems(...whoCodes, "external_id_taken", "malformed_request"),
  },
});

const readRoute = createRoute({
  method: "get",
  path: "/external-ids/{externalId}",
  tags,
  summary: "Whom your id names",
  ...needsKey(scope),
  request: { params },
  responses: { 200: { description: "The account.", content: named }, ...problems(...whoCodes) },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/external-ids/{externalId}",
  tags,
  summary: "Take a name back",
  ...needsKey(scope),
  request: { params },
  responses: { 204: { description: "It names nobody." }, ...problems(...whoCodes) },
});

export const externalIds = newRouter()
  .openapi(putRoute, async (c) => {
    const { externalId } = c.req.valid("param");
    const whom = c.req.valid("json");
    const accountId = await ("account" in whom ? accountByName(whom.account) : accountByMail(whom.email));
    await nameAccount({ externalId, accountId });
    return c.json({ externalId, account: accountId }, 200);
  })
  .openapi(readRoute, async (c) => {
    const { externalId } = c.req.valid("param");
    return c.json({ externalId, account: await accountByName(externalId) }, 200);
  })
  .openapi(deleteRoute, async (c) => {
    await forgetExternalId(c.req.valid("param").externalId);
    return c.body(null, 204);
  });
