import { describe, expect, it } from "vitest";
import { testDatabase } from "#test";
import { beginCheckout, readCheckout, readPayForm } from "./index";
import { aPlan, pack, pay, sandboxSite } from "./sandbox.fixture";

Object.assign(process.env, {
  STRIPE_SECRET_KEY: "sk_test_sandbox",
  STRIPE_WEBHOOK_SECRET: "whsec_test",
  STRIPE_PUBLISHABLE_KEY: "pk_test_sandbox",
});

testDatabase();
const site = sandboxSite();

describe("with a publishable key", () => {
  it("a purchase is paid in a page of ours, and ends as on Stripe's", async () => {
    const ada = await site.aCustomer();
    const url = await beginCheckout(ada.accountId, pack, "k1");
    expect(url).toMatch(/^http:\/\/localhost:\d+\/billing\/pay\?session_id=cs_/);
    const session = await ada.session();
    expect(await readPayForm(ada.accountId, session)).toMatchObject({
      clientSecret: expect.stringContaining(session),
      publishableKey: "pk_test_sandbox",
      script: expect.stringMatching(/^https:\/\/js\.stripe\.com\/[a-z]+\/stripe\.js$/),
      dueCents: 900,
    });
    // In place of Stripe's script, which cannot be reached from here.
    await pay(`${site.sandbox.url}/checkout/${session}`);
    await site.catchUp();
    expect(await readCheckout(ada.accountId, session)).toMatchObject({ state: "done", creditsAdded: 500n });
    expect(await readPayForm(ada.accountId, session)).toBeNull();
  });

  it("whoever cannot load the form pays on Stripe's page instead, for the same plan and trial", async () => {
    const ada = await site.aCustomer();
    await beginCheckout(ada.accountId, aPlan("pro"), "k1");
    const inPage = await ada.session();
    // What the page says before: so many credits at once, those of the plan when it is paid.
    expect(await readPayForm(ada.accountId, inPage)).toMatchObject({
      ...{ dueCents: 0, trialDays: 7 },
      price: { trialCredits: 200n, credits: 1_000n },
    });
    const url = await beginCheckout(ada.accountId, { ...aPlan("pro"), hosted: true }, "k2");
    expect(url).toMatch(new RegExp(`^${site.sandbox.url}/`));
    // What was left behind cannot be paid as well.
    expect(await readPayForm(ada.accountId, inPage)).toBeNull();
    await pay(url);
    await site.catchUp();
    expect(await ada.overview()).toMatchObject({ plan: { id: "pro" }, trial: { state: "running" } });
  });

  it("a session's secret is shown to its buyer alone", async () => {
    const [ada, eve] = [await site.aCustomer(), await site.aCustomer()];
    await beginCheckout(ada.accountId, pack, "k1");
    await expect(readPayForm(eve.accountId, await ada.session())).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
