import { expect, test } from "vitest";
import { testDatabase } from "#test";
import { aBrowser, aMember, newAddress, password, requireMail } from "./browser.fixture";
import { knownDevice } from "./known-device";
import { limitSignIn } from "./limits";

testDatabase();

type Browser = ReturnType<typeof aBrowser>;

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  );
const guess = (browser: Browser, email: string) => codeOf(browser.signIn(email, "a guess"));
const askReset = (browser: Browser, email: string) =>
  codeOf(browser.post("/request-password-reset", { email }));
const from = (address: string) => aBrowser({ address });
/** Counts wrong passwords as a guess does, without the work of looking at them. */
async function spend(times: number, email: string, addressOf: (turn: number) => string): Promise<void> {
  for (let turn = 0; turn < times; turn++)
    await limitSignIn({ email, address: addressOf(turn), device: null });
}
async function spendKnown(times: number, browser: Browser, email: string): Promise<void> {
  const device = knownDevice(browser.headers(), email);
  expect(device).not.toBeNull();
  for (let turn = 0; turn < times; turn++) await limitSignIn({ email, address: null, device });
}
/** What `work` answers so many times in a row, as counts. */
async function tally(
  times: number,
  work: (turn: number) => Promise<string>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let turn = 0; turn < times; turn++) {
    const code = await work(turn);
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

test("guessing a password is slowed for the guesser's whole network, and says when to come back", async () => {
  const { email } = await aMember();
  await spend(8, email, (turn) => `198.51.100.${turn + 1}`);
  const answers = await tally(4, (turn) => guess(from(`198.51.100.${turn + 9}`), email));
  expect(answers).toEqual({ wrong_credentials: 2, rate_limited: 2 });
  const refused = await from("198.51.100.200")
    .signIn(email)
    .catch((error) => error);
  expect(refused.facts.retryAfterSeconds).toBeGreaterThan(0);
  await spend(9, email, (turn) => `2001:db8:5:6::${turn + 1}`);
  const six = await tally(3, (turn) => guess(from(`2001:db8:5:6::${turn + 10}`), email));
  expect(six).toEqual({ wrong_credentials: 1, rate_limited: 2 });
});

test("a stranger who guesses locks the owner out of no other network", async () => {
  const { email } = await aMember();
  await spend(10, email, () => "203.0.113.7");
  expect(await guess(from("203.0.113.7"), email)).toBe("rate_limited");
  const owner = from("192.0.2.77");
  await owner.signIn(email);
  expect(await owner.session()).not.toBeNull();
});

test("the owner's own device comes in, though strangers use up every try of the address", async () => {
  const { email, browser } = await aMember();
  await browser.post("/sign-out", {});
  await spend(98, email, (turn) => `10.3.${turn}.1`);
  const answers = await tally(4, (turn) => guess(from(`10.0.${turn}.1`), email));
  expect(answers).toEqual({ wrong_credentials: 2, rate_limited: 2 });
  expect(await codeOf(from("10.1.1.1").signIn(email))).toBe("rate_limited");
  await browser.signIn(email);
  expect(await browser.session()).not.toBeNull();
});

test("who sets a password by mail may sign in on a new device, whatever strangers tried", async () => {
  const { email } = await aMember();
  const exhausted = await tally(101, (turn) =>
    codeOf(limitSignIn({ email, address: `10.4.${turn}.1`, device: null })),
  );
  expect(exhausted).toEqual({ done: 100, rate_limited: 1 });
  const phone = from("192.0.2.50");
  await phone.post("/request-password-reset", { email });
  const { token } = await requireMail(email, "reset");
  await phone.post("/reset-password", { token, newPassword: "a whole new one" });
  await phone.signIn(email, "a whole new one");
  expect(await phone.session()).not.toBeNull();
});

test("a device that knows the address has a few tries of its own, cleared by the right one", async () => {
  const { email, browser } = await aMember();
  await spendKnown(8, browser, email);
  expect(await guess(browser, email)).toBe("wrong_credentials");
  await browser.signIn(email);
  await spendKnown(9, browser, email);
  expect(await tally(2, () => guess(browser, email))).toEqual({ wrong_credentials: 1, rate_limited: 1 });
  // Another's address is a stranger's to it, and counts as one.
  expect(await guess(browser, newAddress())).toBe("wrong_credentials");
});

test("what a device knows is signed, httpOnly, and names nobody", async () => {
  const { email } = await aMember();
  const browser = aBrowser();
  const answer = await browser.signIn(email);
  const line = answer.headers.getSetCookie().find((text) => text.includes(".device=")) ?? "";
  expect(line).toMatch(/; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax/);
  expect(decodeURIComponent(line)).not.toContain(email.split("@")[0]);
  const forger = aBrowser();
  const value = decodeURIComponent(browser.jar.get("toolmint.device") ?? "");
  forger.jar.set("toolmint.device", encodeURIComponent(`${value.slice(0, -4)}AAA=`));
  await spend(9, email, () => "192.0.2.1");
  expect(await tally(2, () => guess(forger, email))).toEqual({ wrong_credentials: 1, rate_limited: 1 });
});

test("two who share a browser are both known to it", async () => {
  const [ada, bob] = [await aMember(), await aMember()];
  const shared = aBrowser();
  await shared.signIn(ada.email);
  await shared.signIn(bob.email);
  for (const { email } of [ada, bob]) {
    await spend(10, email, () => "192.0.2.1");
    expect(await guess(from("192.0.2.1"), email)).toBe("rate_limited");
    await shared.signIn(email);
    expect((await shared.session())?.user.email).toBe(email);
  }
});

test("a right password clears the wrong ones before it from that network", async () => {
  const { email } = await aMember();
  await spend(9, email, () => "198.51.100.9");
  await from("198.51.100.9").signIn(email);
  await spend(8, email, () => "198.51.100.10");
  expect(await guess(from("198.51.100.10"), email)).toBe("wrong_credentials");
});

test("mails to an address are slowed for a network, so that another may still ask, known or not", async () => {
  const { email, browser } = await aMember();
  for (const address of [email, newAddress()]) {
    expect(await tally(8, () => askReset(from("203.0.113.20"), address))).toEqual({
      done: 6,
      rate_limited: 2,
    });
    expect(await askReset(from("192.0.2.99"), address)).toBe("done");
  }
  // Its sign-up was the first of 24.
  expect(await tally(30, (turn) => askReset(from(`10.2.${turn}.1`), email))).toEqual({
    done: 16,
    rate_limited: 14,
  });
  expect(await tally(5, () => askReset(browser, email))).toEqual({ done: 4, rate_limited: 1 });
  expect(await codeOf(from("203.0.113.20").post("/send-verification-email", { email }))).toBe("rate_limited");
  expect(await codeOf(from("203.0.113.20").signUp(email, { password }))).toBe("rate_limited");
});
