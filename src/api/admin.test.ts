import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { isRight, mayRole, type Right, type Role, rights, roles } from "#identity";
import { tasks } from "#insight";
import { recordAct } from "#platform/audit";
import { db } from "#platform/db";
import { users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { api } from "./app";
import { aUser, type TestUser } from "./test-caller";

testDatabase();

type Route = { method: string; path: string; right: Right };

const people = new Map<Role, TestUser>();
let routes: Route[];

beforeAll(async () => {
  for (const role of roles) {
    const somebody = await aUser(role);
    await db().update(users).set({ role }).where(eq(users.id, somebody.session.user.id));
    people.set(role, somebody);
  }
  routes = await describedRoutes();
});

/** Every route under /admin, with the right its definition names. */
async function describedRoutes(): Promise<Route[]> {
  const { paths } = await (await api.request("/api/openapi.json")).json();
  return Object.entries<Record<string, { "x-right"?: string }>>(paths)
    .filter(([path]) => path.startsWith("/api/v1/admin/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, route]) => {
        const right = route["x-right"] ?? "";
        if (!isRight(right)) throw new Error(`${method} ${path} names no right: spread needs(…) into it`);
        return { method: method.toUpperCase(), path, right };
      }),
    );
}

/** Asks with nothing filled in: whoever passes the walls meets 200, 404 or 422, never 401 or 403. */
function ask({ method, path }: Pick<Route, "method" | "path">, role: Role | null): Promise<Response> {
  const headers = { ...(role && people.get(role)?.headers), "content-type": "application/json" };
  const body = method === "GET" ? undefined : "{}";
  return Promise.resolve(
    api.request(path.replace(/\{\w+\}/g, "none"), { method, headers, ...(body && { body }) }),
  );
}

describe("the walls of the back office", () => {
  it("stand before every route: nobody 401, customers 404, staff without the right 403", async () => {
    expect(routes.length).toBeGreaterThan(4);
    for (const route of routes) {
      const answers: Record<string, number> = { nobody: (await ask(route, null)).status };
      const wanted: Record<string, number> = { nobody: 401 };
      // Side by side: there are hundreds of them.
      const statuses = await Promise.all(roles.map(async (role) => (await ask(route, role)).status));
      for (const [place, role] of roles.entries()) {
        const status = statuses[place] ?? 0;
        const may = mayRole(role, route.right);
        // What an allowed request comes to is its own tests' matter.
        answers[role] = may && status !== 401 && status !== 403 ? 200 : status;
        wanted[role] = may ? 200 : role === "user" ? 404 : 403;
      }
      expect({ [`${route.method} ${route.path}`]: answers }).toEqual({
        [`${route.method} ${route.path}`]: wanted,
      });
    }
    // Each of some two hundred routes is asked by everybody.
  }, 90_000);

  it("stand before what is not there, too, and change nothing elsewhere", async () => {
    const nowhere = { method: "GET", path: "/api/v1/admin/nowhere" };
    expect((await ask(nowhere, null)).status).toBe(401);
    expect((await ask(nowhere, "user")).status).toBe(404);
    expect((await ask(nowhere, "owner")).status).toBe(404);
    expect((await ask({ method: "GET", path: "/api/v1/nowhere" }, null)).status).toBe(404);
  });

  it("leave no right that nobody holds, and none that a customer does", () => {
    for (const right of rights) {
      expect(mayRole("owner", right), right).toBe(true);
      expect(mayRole("user", right), right).toBe(false);
    }
  });
});

describe("staff", () => {
  const reason = "joins the support team";

  it("are made by an owner, by mail address, and it stands in the audit log", async () => {
    const owner = people.get("owner");
    const ada = await aUser("ada");
    const answer = await send("POST", "/admin/staff", {
      email: ada.session.user.email.toUpperCase(),
      ...{ role: "support", reason },
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: ada.session.user.id, role: "support" });
    const log = await acts(`object=${ada.session.user.id}`);
    expect(log).toMatchObject([
      {
        actorId: owner?.session.user.id,
        actorMail: owner?.session.user.email,
        ...{ actorRole: "owner", action: "role.change", objectType: "user", reason },
        ...{ before: { role: "user" }, after: { role: "support" } },
        requestId: answer.headers.get("x-request-id"),
      },
    ]);
  });

  it("need a reason, and somebody who has signed up", async () => {
    const nobody = await send("POST", "/admin/staff", { email: "no@example.com", role: "admin", reason });
    expect(nobody.status).toBe(422);
    expect((await nobody.json()).errors).toMatchObject([{ path: "email" }]);
    const email = people.get("user")?.session.user.email;
    expect((await send("POST", "/admin/staff", { email, role: "admin", reason: " " })).status).toBe(422);
  });

  it("keep at least one owner", async () => {
    const id = people.get("owner")?.session.user.id;
    const answer = await send("PATCH", `/admin/staff/${id}`, { role: "admin", reason });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "last_owner" });
    const { data } = await (await send("GET", "/admin/staff")).json();
    expect(data[0]).toMatchObject({ id, role: "owner" });
    expect(await acts(`object=${id}`)).toEqual([]);
  });

  it("lose their rights with the next request", async () => {
    const eve = await aUser("eve");
    const { id } = eve.session.user;
    await send("PATCH", `/admin/staff/${id}`, { role: "admin", reason });
    const look = () => Promise.resolve(api.request("/api/v1/admin/acts", { headers: eve.headers }));
    expect((await look()).status).toBe(200);
    await send("PATCH", `/admin/staff/${id}`, { role: "user", reason });
    expect((await look()).status).toBe(404);
  });
});

describe("the audit log", () => {
  it("is searched by actor, action, object, request and time, page by page", async () => {
    const owner = people.get("owner")?.session.user;
    const all = await acts("action=role.change&limit=100");
    expect(all.length).toBeGreaterThan(2);
    expect(await acts(`action=role.change&actor=${owner?.email}`)).toEqual(all);
    expect(await acts(`actor=${owner?.id}&action=role`)).toEqual(all);
    expect(await acts("action=rol")).toEqual([]);
    expect(await acts("actor=terminal")).toEqual([]);
    expect(await acts(`object=${all[0]?.requestId}`)).toEqual([all[0]]);
    const customer = people.get("support")?.session.user;
    const ofCustomer = await acts(`object=${customer?.id}`);
    expect(ofCustomer).toEqual(await acts(`object=${customer?.email.toUpperCase()}`));
    await recordFrom("192.0.2.77");
    expect(await acts("object=192.0.2.77")).toMatchObject([{ address: "192.0.2.77" }]);
    expect(await acts(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    const first = await (await send("GET", "/admin/acts?action=role&limit=1")).json();
    const rest = await acts(`action=role&limit=100&cursor=${first.nextCursor}`);
    expect([...first.data, ...rest]).toEqual(all);
    expect((await send("GET", "/admin/acts?cursor=x")).status).toBe(422);
  });

  it("comes as CSV, one line for each act", async () => {
    const all = await acts("action=role.change&limit=100");
    const csv = await (await send("GET", "/admin/acts.csv?action=role")).text();
    const lines = csv.trim().split("\r\n");
    expect(lines).toHaveLength(all.length + 1);
    expect(lines[1]).toContain(all[0]?.id);
    expect(lines[1]).toContain('"{""role"":""admin""}"');
  });
});

describe("the proof of the ledger", () => {
  it("is asked for once, by name, and answers what it found", async () => {
    const asked = await send("POST", "/admin/reconciliations");
    expect(asked.status).toBe(202);
    const { id } = await asked.json();
    expect((await (await send("POST", "/admin/reconciliations")).json()).id).toBe(id);
    expect(await acts(`object=${id}`)).toMatchObject([{ action: "ledger.reconcile" }]);
    await runJobs(tasks.system ?? {});
    const last = await (await send("GET", "/admin/reconciliations/last")).json();
    expect(last.done).toMatchObject({ id, status: "done", findingCount: 0, findings: [] });
    expect(last.latest.id).toBe(id);
  });

  it("is on record with who asked for it, newest first, page by page", async () => {
    const first = await (await send("GET", "/admin/reconciliations?limit=1")).json();
    expect(first.data).toMatchObject([{ status: "done", findingCount: 0 }]);
    // Whoever of those who may pressed the button first.
    const asked = [...people.values()].find(({ session }) => session.user.id === first.data[0].requestedBy);
    expect(first.data[0].requestedByMail).toBe(asked?.session.user.email);
    expect(first.nextCursor).toBeNull();
    await send("POST", "/admin/reconciliations");
    const newest = await (await send("GET", "/admin/reconciliations?limit=1")).json();
    expect(newest.data).toMatchObject([{ status: "waiting" }]);
    const rest = await send("GET", `/admin/reconciliations?limit=1&cursor=${newest.nextCursor}`);
    expect((await rest.json()).data).toEqual(first.data);
    expect((await send("GET", "/admin/reconciliations?cursor=x")).status).toBe(422);
  });

  it("comes with the money view of the same moment", async () => {
    const last = await (await send("GET", "/admin/reconciliations/last")).json();
    const money = await (await send("GET", "/admin/money")).json();
    expect(money).toEqual({ asOf: last.done.asOf, moved: [], owed: [], revenue: [] });
  });
});

/** An act that came from this network address. */
async function recordFrom(address: string): Promise<void> {
  const by = { id: null, role: null, address, requestId: null };
  await db().transaction((tx) =>
    recordAct(tx, { by, action: "test.address", object: { type: "test", id: "address" } }),
  );
}

type Act = { id: string; requestId: string };

async function acts(query: string): Promise<Act[]> {
  const answer = await send("GET", `/admin/acts?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()).data;
}

/** As the owner. */
function send(method: string, path: string, body?: object): Promise<Response> {
  const headers = { ...people.get("owner")?.headers, "content-type": "application/json" };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  return Promise.resolve(api.request(`/api/v1${path}`, init));
}
