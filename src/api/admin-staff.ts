import { createRoute, z } from "@hono/zod-openapi";
import { changeRole, listStaff, roles, type StaffMember } from "#identity";
import { Refusal } from "#platform/refusal";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import { idParam, timeSchema } from "./schemas";
import { actorOf, needs, userIdOf } from "./staff";

/** Who may enter the back office, and as what. */

const memberSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(roles),
    createdAt: timeSchema,
  })
  .openapi("StaffMember");

export type StaffMemberJson = z.infer<typeof memberSchema>;

export const reasonSchema = z.string().trim().min(3).max(500).openapi({
  description: "Why; it stands in the audit log.",
});
const member = { "application/json": { schema: memberSchema } };
const tags = ["Back office"];

const listRoute = createRoute({
  method: "get",
  path: "/admin/staff",
  tags,
  summary: "Staff",
  description: "Everybody who has a role, owners first.",
  ...needs("staff.read"),
  responses: {
    200: {
      description: "All of them.",
      content: {
        "application/json": { schema: z.object({ data: z.array(memberSchema), nextCursor: z.null() }) },
      },
    },
    ...problems("unauthenticated", "forbidden", "not_found"),
  },
});

const addRoute = createRoute({
  method: "post",
  path: "/admin/staff",
  tags,
  summary: "Make somebody staff",
  description: "Somebody who has signed up gets a role, by mail address.",
  ...needs("staff.change"),
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            email: z.email().max(320),
            role: z.enum(["support", "analyst", "admin", "owner"]),
            reason: reasonSchema,
          }),
        },
      },
    },
  },
  responses: {
    200: { description: "The member.", content: member },
    ...problems(
      "unauthenticated",
      "forbidden",
      "not_found",
      "malformed_request",
      "invalid_request",
      "last_owner",
    ),
  },
});

const changeRoute = createRoute({
  method: "patch",
  path: "/admin/staff/{id}",
  tags,
  summary: "Change a role",
  description: "`user` takes every right away. The last owner stays owner.",
  ...needs("staff.change"),
  request: {
    params: idParam("A user's id."),
    body: {
      required: true,
      content: { "application/json": { schema: z.object({ role: z.enum(roles), reason: reasonSchema }) } },
    },
  },
  responses: {
    200: { description: "The member as they are now.", content: member },
    ...problems(
      "unauthenticated",
      "forbidden",
      "not_found",
      "malformed_request",
      "invalid_request",
      "last_owner",
    ),
  },
});

export const staff = newRouter()
  .openapi(listRoute, async (c) =>
    c.json({ data: (await listStaff()).map(memberJson), nextCursor: null }, 200),
  )
  .openapi(addRoute, async (c) => {
    const { email, role, reason } = c.req.valid("json");
    try {
      return c.json(memberJson(await changeRole({ email }, role, { by: actorOf(c), reason })), 200);
    } catch (error) {
      if (!(error instanceof Refusal && error.code === "not_found")) throw error;
      throw invalid([{ path: "email", message: "Nobody has signed up with it." }]);
    }
  })
  .openapi(changeRoute, async (c) => {
    const id = userIdOf(c.req.valid("param").id);
    const { role, reason } = c.req.valid("json");
    return c.json(memberJson(await changeRole({ id }, role, { by: actorOf(c), reason })), 200);
  });

function memberJson({ createdAt, ...member }: StaffMember): StaffMemberJson {
  return { ...member, createdAt: createdAt.toISOString() };
}
