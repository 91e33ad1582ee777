import { z } from "zod";
import { Refusal, type RefusalCode } from "#platform/refusal";

const problem = z.object({ code: z.string() });

/** Of our own hook's refusal, in better-auth's manner. */
export const suspendedCode = "ACCOUNT_SUSPENDED";

/** better-auth's codes that our checks before it leave possible. */
const codes: Record<string, RefusalCode> = {
  INVALID_EMAIL_OR_PASSWORD: "wrong_credentials",
  INVALID_PASSWORD: "wrong_password",
  CREDENTIAL_ACCOUNT_NOT_FOUND: "wrong_password",
  [suspendedCode]: "suspended",
  INVALID_TOKEN: "link_invalid",
  UNAUTHORIZED: "unauthenticated",
  INVALID_ORIGIN: "bad_origin",
  MISSING_OR_NULL_ORIGIN: "bad_origin",
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: "bad_origin",
  // The unique index on mail addresses said no.
  FAILED_TO_CREATE_USER: "busy",
};

/** better-auth's refusal in our words; what we do not know is a fault. */
export async function refusalOf(response: Response): Promise<Error> {
  const { code } = problem.parse(await response.json().catch(() => ({ code: `HTTP ${response.status}` })));
  const known = codes[code];
  return known ? new Refusal(known) : new Error(`better-auth answered ${response.status} ${code}`);
}
