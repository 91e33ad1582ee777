import { networkOf, subnetOf } from "#platform/address";
import { config } from "#platform/config";
import { forgive, type Limit, limit } from "#platform/rate-limit";

/**
 * How fast one may try. For each mail address from one network, so that nobody guesses a person's password,
 * and from all networks together, so that many do not; and per network address, so that nobody tries
 * everybody from one place. A device on which that person has signed in before counts for itself alone:
 * whatever strangers do, its owner comes in.
 */
export const limits = {
  signIn: { name: "sign-in", points: 10, seconds: 15 * 60 },
  signInAnywhere: { name: "sign-in-anywhere", points: 100, seconds: 15 * 60 },
  signInFrom: { name: "sign-in-from", points: 100, seconds: 15 * 60 },
  signInKnown: { name: "sign-in-known", points: 10, seconds: 15 * 60 },
  signUpFrom: { name: "sign-up-from", points: 20, seconds: 60 * 60 },
  /** Mails that anybody can have sent to an address: to confirm it, to reset its password. */
  mailTo: { name: "mail-to", points: 6, seconds: 60 * 60 },
  mailToAnywhere: { name: "mail-to-anywhere", points: 24, seconds: 60 * 60 },
  mailFrom: { name: "mail-from", points: 30, seconds: 60 * 60 },
  mailKnown: { name: "mail-known", points: 4, seconds: 60 * 60 },
  linkFrom: { name: "link-from", points: 60, seconds: 60 * 60 },
  staffCodeMail: { name: "staff-code-mail", points: 6, seconds: 60 * 60 },
  staffCodeTry: { name: "staff-code-try", points: 20, seconds: 60 * 60 },
  changePassword: { name: "change-password", points: 10, seconds: 15 * 60 },
} as const satisfies Record<string, Limit>;

/** A try that concerns one mail address: where it comes from, and the device if that knows the address. */
export type Attempt = { email: string; address: string | null; device: string | null };

/**
 * Counts a try to sign in.
 * @throws Refusal rate_limited
 */
export async function limitSignIn(attempt: Attempt): Promise<void> {
  if (attempt.device) {
    await limit(limits.signInKnown, attempt.device);
    return;
  }
  await limitFrom(limits.signInFrom, attempt.address);
  await limit(limits.signIn, mailAndNetwork(attempt));
  await limit(limits.signInAnywhere, attempt.email);
}

/** A right password clears the wrong ones before it, of this device or of this network. */
export async function forgiveSignIn(attempt: Attempt): Promise<void> {
  if (attempt.device) await forgive(limits.signInKnown, attempt.device);
  else await forgive(limits.signIn, mailAndNetwork(attempt));
}

/**
 * Counts a mail that is to be sent to an address, whether anybody has it or not.
 * @throws Refusal rate_limited
 */
export async function limitMail(attempt: Attempt): Promise<void> {
  if (attempt.device) {
    await limit(limits.mailKnown, attempt.device);
    return;
  }
  await limitFrom(limits.mailFrom, attempt.address);
  await limit(limits.mailTo, mailAndNetwork(attempt));
  await limit(limits.mailToAnywhere, attempt.email);
}

/** Who has set a password by a link in their mail may sign in anywhere, whatever strangers tried before. */
export async function forgiveStrangers(email: string): Promise<void> {
  await forgive(limits.signInAnywhere, email);
}

function mailAndNetwork({ email, address }: Attempt): string {
  return `${email} ${address ? subnetOf(address) : "unknown"}`;
}

/**
 * Counts for the network the request came from. In development that is always this machine, which also
 * runs the tests of a whole site, so there it may do a hundred times as much.
 */
export async function limitFrom(rule: Limit, address: string | null): Promise<void> {
  const points = config().production ? rule.points : rule.points * 100;
  await limit({ ...rule, points }, address ? networkOf(address) : "unknown");
}
