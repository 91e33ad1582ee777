import { networkOf } from "#platform/address";
import { config } from "#platform/config";
import { type Limit, limit } from "#platform/rate-limit";

/**
 * How fast one may try. Per mail address, so that nobody guesses one person's password from everywhere
 * or fills their mailbox; and per network address, so that nobody tries everybody from one place.
 */
export const limits = {
  signIn: { name: "sign-in", points: 10, seconds: 15 * 60 },
  signInFrom: { name: "sign-in-from", points: 100, seconds: 15 * 60 },
  signUpFrom: { name: "sign-up-from", points: 20, seconds: 60 * 60 },
  /** Mails that anybody can have sent to an address: to confirm it, to reset its password. */
  mailTo: { name: "mail-to", points: 6, seconds: 60 * 60 },
  mailFrom: { name: "mail-from", points: 30, seconds: 60 * 60 },
  linkFrom: { name: "link-from", points: 60, seconds: 60 * 60 },
  changePassword: { name: "change-password", points: 10, seconds: 15 * 60 },
} as const satisfies Record<string, Limit>;

/**
 * Counts for the network the request came from. In development that is always this machine, which also
 * runs the tests of a whole site, so there it may do a hundred times as much.
 */
export async function limitFrom(rule: Limit, address: string | null): Promise<void> {
  const points = config().production ? rule.points : rule.points * 100;
  await limit({ ...rule, points }, address ? networkOf(address) : "unknown");
}
