import autocannon from "autocannon";
import { sql } from "drizzle-orm";
import { createKey } from "#identity";
import { terminal } from "#platform/audit";
import { db } from "#platform/db";
import { newId } from "#platform/id";
import { type Figures, median, type Plan } from "./measure";
import { type Server, startServer } from "./processes";
import { type Books, type Target, targets } from "./systems";

/**
 * The ledger through HTTP: `POST /api/v1/charges` of a real API process, by a service key, beside a Hono app
 * that answers a constant to the same requests. autocannon shares the machine with them.
 */

export type HttpResult = Figures & { what: string; target: Target | null; processes: number };

const connections = 64;
const processCounts = [1, 2, 4];

export async function measureHttp(books: Books, plan: Plan): Promise<HttpResult[]> {
  const authorization = `Bearer ${await aServiceKey()}`;
  const constant = await startServer("bench/constant.ts", {}, "/api/v1/charges");
  const settings = { ROLE: "api", DATABASE_URL: books.url, LOG_LEVEL: "warn" };
  const most = Math.max(...processCounts);
  const servers: Server[] = [];
  for (let count = 0; count < most; count += 1)
    servers.push(await startServer("server.ts", settings, "/healthz"));
  const shots = [
    { what: "constant", target: null, processes: 1, servers: [constant] },
    ...processCounts.flatMap((processes) =>
      targets.map((target) => ({ what: "charges", target, processes, servers: servers.slice(0, processes) })),
    ),
  ];
  const measured = shots.map((shot) => ({ ...shot, figures: [] as Figures[] }));
  try {
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const shot of measured) shot.figures.push(await shoot(shot, books, authorization, plan.seconds));
    }
  } finally {
    for (const server of [constant, ...servers]) await server.stop();
  }
  return measured.map(({ what, target, processes, figures }) => ({
    ...{ what, target, processes },
    ...median(figures),
  }));
}

type Shot = { target: Target | null; servers: readonly Server[] };

/** All connections in all, divided between the servers. */
async function shoot(
  { target, servers }: Shot,
  { accounts }: Books,
  authorization: string,
  seconds: number,
): Promise<Figures> {
  const account = () => accounts[target === "hot" ? 0 : Math.floor(Math.random() * accounts.length)] ?? "";
  const fire = (duration: number) =>
    Promise.all(
      servers.map(({ url }) =>
        autocannon({
          url: `${url}/api/v1/charges`,
          connections: connections / servers.length,
          duration,
          method: "POST",
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify({ credits: 1, tool: "ocr" }),
          requests: [
            {
              setupRequest: (request) => ({
                ...request,
                headers: {
                  ...request.headers,
                  "idempotency-key": newId("request"),
                  "toolmint-account": account(),
                },
              }),
            },
          ],
        }),
      ),
    );
  await fire(1);
  return together(await fire(seconds));
}

/** Percentiles of several runs side by side: the worst of them. */
function together(results: readonly autocannon.Result[]): Figures {
  const bad = results.reduce((sum, { non2xx, errors }) => sum + non2xx + errors, 0);
  if (bad > 0) throw new Error(`${bad} requests failed.`);
  return {
    perSecond: results.reduce((sum, result) => sum + result["2xx"] / result.duration, 0),
    p50: Math.max(...results.map(({ latency }) => latency.p50)),
    p99: Math.max(...results.map(({ latency }) => latency.p99)),
  };
}

/** A key of the site's, made by an owner as in the back office. */
export async function aServiceKey(): Promise<string> {
  const id = newId("user");
  await db().execute(sql`
    insert into users (id, name, email, email_verified, role)
    values (${id}, 'bench', 'bench@example.com', true, 'owner')`);
  const user = { id, name: "bench", email: "bench@example.com", emailVerified: true, role: "owner" as const };
  const rest = { locale: "en" as const, timeZone: "UTC", image: null, createdAt: new Date() };
  const ids = { id: newId("session"), accountId: newId("account") };
  const session = { ...ids, expiresAt: new Date(), viewing: null, awaitsCode: false };
  const { secret } = await createKey(
    { ...session, user: { ...user, ...rest } },
    { kind: "service", name: "bench", scopes: ["charges.write"], cap: null, expiresAt: null },
    { by: terminal },
  );
  return secret;
}
