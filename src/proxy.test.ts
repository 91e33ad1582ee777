import { NextRequest } from "next/server";
import { expect, it } from "vitest";
import { proxy } from "./proxy";

Object.assign(process.env, {
  STRIPE_SECRET_KEY: "sk_test_1",
  STRIPE_WEBHOOK_SECRET: "whsec_1",
  STRIPE_PUBLISHABLE_KEY: "pk_test_1",
});

const policyOf = (path: string) =>
  proxy(new NextRequest(`http://localhost:3000${path}`)).headers.get("content-security-policy") ?? "";

it("lets Stripe's hosts in on the page that shows its form, and nowhere else", () => {
  expect(policyOf("/billing/pay?session_id=cs_1")).toMatch(/frame-src 'self' https:\/\/js\.stripe\.com /);
  for (const path of ["/", "/billing", "/billing/return", "/pricing"]) {
    expect(policyOf(path)).not.toContain("stripe");
  }
});
