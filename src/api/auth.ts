import { handleAuth, readSession, readVisitor } from "#identity";
import { config } from "#platform/config";
import { log } from "#platform/log";
import { adoptVisitorRuns } from "#tools";
import { addressOfCaller } from "./caller";
import { newRouter } from "./router";

/** Signing up, in and out and the like: identity's own endpoints. */
export const auth = newRouter().all("/*", async (c) => {
  const answer = await handleAuth(c.req.raw, addressOfCaller(c));
  if (signsIn.has(c.req.path)) await adoptVisit(c.req.raw.headers, answer);
  return answer;
});

/** Where somebody may become known who was a visitor before. */
const signsIn = new Set(["/api/auth/sign-in/email", "/api/auth/verify-email"]);

/**
 * Makes what a visitor tried theirs, now that they have signed in. Signing in does not fail with it:
 * `GET /api/v1/me` catches up.
 */
async function adoptVisit(headers: Headers, answer: Response): Promise<void> {
  const visitorId = config().TRY_IT ? readVisitor(headers) : null;
  if (!visitorId) return;
  try {
    const session = await readSession(new Headers({ cookie: cookiesAfter(headers, answer) }));
    if (session) {
      await adoptVisitorRuns(visitorId, { accountId: session.accountId, userId: session.user.id });
    }
  } catch (error) {
    log().warn({ err: error }, "what a visitor tried could not be made theirs yet");
  }
}

/** What the browser will send with its next request. The first of two with one name is read. */
function cookiesAfter(headers: Headers, answer: Response): string {
  const set = answer.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return [...set, headers.get("cookie")].filter(Boolean).join("; ");
}
