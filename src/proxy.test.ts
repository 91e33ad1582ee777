import { NextRequest } from "next/server";
import { expect, it } from "vitest";
import { config, proxy } from "./proxy";

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

it("runs before every page, also one whose name begins like a file's, and before no file", () => {
  const runs = (path: string) => config.matcher.some((source) => new RegExp(`^${source}$`).test(path));
  for (const path of ["/", "/zh/tools", "/iconx", "/icon", "/opengraph-images", "/apple-icon", "/api"]) {
    expect([path, runs(path)]).toEqual([path, true]);
  }
  for (const path of ["/icon.svg", "/opengraph-image", "/favicon.ico", "/samples/report.pdf", "/api/v1"]) {
    expect([path, runs(path)]).toEqual([path, false]);
  }
});
