import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ConfigError, parseConfig, settingNames } from "./config";

const example = Object.fromEntries(
  [...readFileSync(".env.example", "utf8").matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
);

test(".env.example names every setting, with values that are valid", () => {
  expect(Object.keys(example).sort()).toEqual([...settingNames].sort());
  expect(() => parseConfig({ ...example, AUTH_SECRET: "x".repeat(32) })).not.toThrow();
});

test("an address that is not this machine's means production, which needs a secret", () => {
  expect(parseConfig({}).production).toBe(false);
  expect(parseConfig({ BASE_URL: "http://127.0.0.1:8080" }).production).toBe(false);
  const live = { BASE_URL: "https://tools.example.com/" };
  expect(() => parseConfig(live)).toThrow("AUTH_SECRET: set at least 32 random characters");
  expect(parseConfig({ ...live, AUTH_SECRET: "x".repeat(32) })).toMatchObject({
    production: true,
    baseUrl: "https://tools.example.com",
  });
});

test("a malformed setting is named", () => {
  expect(() => parseConfig({ PORT: "http" })).toThrow(ConfigError);
  expect(() => parseConfig({ PORT: "http" })).toThrow(/^PORT: /);
  expect(() => parseConfig({ STORAGE_DRIVER: "s3" })).toThrow("S3_BUCKET: set the bucket");
});

test("a port that browsers refuse is refused, as fetch does, with what to do; the ones beside it are not", async () => {
  for (const port of [22, 4190, 6000, 6665, 6666, 6667, 6668, 6669, 6697, 10080]) {
    const sentence = `PORT: browsers refuse to open port ${port}; set another, such as 3000.`;
    expect(() => parseConfig({ PORT: String(port) })).toThrow(new ConfigError(sentence));
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: { message: "bad port" } });
  }
  for (const port of [80, 443, 3000, 4189, 6001, 6664, 6670, 8080]) {
    expect(parseConfig({ PORT: String(port) }).PORT).toBe(port);
  }
});

test("an empty setting counts as not set", () => {
  expect(parseConfig({ DATABASE_URL: "" }).DATABASE_URL).toBeUndefined();
});

test("half of Stripe's settings is refused with the name of the other half", () => {
  expect(() => parseConfig({ STRIPE_SECRET_KEY: "sk_live_1" })).toThrow(/^STRIPE_WEBHOOK_SECRET: /);
  expect(() => parseConfig({ STRIPE_WEBHOOK_SECRET: "whsec_1" })).toThrow(/^STRIPE_SECRET_KEY: /);
  expect(() => parseConfig({ STRIPE_PUBLISHABLE_KEY: "pk_live_1" })).toThrow("STRIPE_SECRET_KEY: ");
  const both = { STRIPE_SECRET_KEY: "sk_live_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
  expect(parseConfig(both)).toMatchObject(both);
});
