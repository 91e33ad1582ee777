import { afterEach, expect, test } from "vitest";
import { type Config, parseConfig } from "./config";
import { ownOrigins, strictTransport } from "./origins";
import { singleton } from "./singleton";

const config = singleton<Config>("config");

afterEach(() => config.clear());

test("a site on this machine is served under each of its names, and promises no HTTPS", () => {
  config.set(parseConfig({ BASE_URL: "http://shop.localhost:3100" }));
  expect(ownOrigins()).toEqual([
    "http://shop.localhost:3100",
    "http://localhost:3100",
    "http://127.0.0.1:3100",
    "http://[::1]:3100",
  ]);
  expect(strictTransport()).toBeNull();
});

test("a site in production has one origin, and is reached by HTTPS alone", () => {
  config.set(parseConfig({ BASE_URL: "https://toolmint.example/", AUTH_SECRET: "x".repeat(32) }));
  expect(ownOrigins()).toEqual(["https://toolmint.example"]);
  expect(strictTransport()).toBe("max-age=31536000; includeSubDomains");
});
