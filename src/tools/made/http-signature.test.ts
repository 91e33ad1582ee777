import { describe, expect, it } from "vitest";
import { newSecret, type SignedHeaders, signMessage, verifyMessage } from "./http-signature";

const secret = newSecret();
const body = '{"type":"run.succeeded"}';
const nowMs = 1_790_000_000_000;
const signed = signMessage([secret], "msg_1", body, nowMs);

function verified(
  changes: Partial<SignedHeaders> = {},
  { secrets = [secret], text = body, laterMs = 0 } = {},
) {
  const headers = { ...signed, ...changes };
  return verifyMessage(secrets, (name) => headers[name], text, nowMs + laterMs);
}

it("a message is signed as the specification's example is", () => {
  const example = signMessage(
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    '{"test": 2432232314}',
    1_614_265_330_000,
  );
  expect(example["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

describe("a signed message", () => {
  it("is known by its id", () => {
    expect(verified()).toBe("msg_1");
  });

  it("of either secret is known while one takes the other's place", () => {
    const next = newSecret();
    const both = signMessage([next, secret], "msg_1", body, nowMs);
    expect(verified(both, { secrets: [secret] })).toBe("msg_1");
    expect(verified(both, { secrets: [next] })).toBe("msg_1");
    expect(verified({}, { secrets: [next, secret] })).toBe("msg_1");
  });

  it.each([-299_000, 299_000])("is good for five minutes (%i ms)", (laterMs) => {
    expect(verified({}, { laterMs })).toBe("msg_1");
  });
});

describe("no message is one", () => {
  it.each([
    ["with another body", {}, { text: body.replace("succeeded", "failed") }],
    ["with another id", { "webhook-id": "msg_2" }, {}],
    ["with another time", { "webhook-timestamp": `${nowMs / 1000 + 1}` }, {}],
    ["by another secret", {}, { secrets: [newSecret()] }],
    ["where there is no secret", {}, { secrets: [] }],
    ["that is old", {}, { laterMs: 301_000 }],
    ["of the future", {}, { laterMs: -301_000 }],
    ["without a signature", { "webhook-signature": "" }, {}],
    ["with a signature of another kind", { "webhook-signature": "v1a,AAAA" }, {}],
    ["whose id has a full stop, which parts what is signed", { "webhook-id": "msg.1" }, {}],
    ["whose time is no number", { "webhook-timestamp": "soon" }, {}],
  ])("%s", (_, changes, options) => {
    expect(verified(changes, options)).toBeNull();
  });
});
