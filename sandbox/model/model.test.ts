import { afterAll, beforeAll, expect, it } from "vitest";
import { type SandboxModel, startSandboxModel } from "./index";

let model: SandboxModel;
beforeAll(async () => {
  model = await startSandboxModel();
});
afterAll(() => model.stop());

const chat = (body: object) =>
  fetch(`${model.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Hello" }], ...body }),
  });

it("lists its models", async () => {
  const { data } = await (await fetch(`${model.url}/models`)).json();
  expect(data).toContainEqual({ id: "sandbox", object: "model" });
});

it("answers at once or as a stream, with its usage", async () => {
  const whole = await (await chat({})).json();
  expect(whole.choices[0].message.content).toContain("Text: Hello");
  expect(whole.usage.completion_tokens).toBeGreaterThan(10);
  const streamed = await (await chat({ stream: true, stream_options: { include_usage: true } })).text();
  expect(streamed).toContain(`"completion_tokens":${whole.usage.completion_tokens}`);
  expect(streamed.trim().endsWith("data: [DONE]")).toBe(true);
});

it("stops where it is told to", async () => {
  const { choices } = await (await chat({ max_tokens: 4 })).json();
  expect(choices[0]).toMatchObject({
    message: { content: "## Sandbox answer\n\nTask:" },
    finish_reason: "length",
  });
});

it("fails as the model's name or the text says", async () => {
  expect((await chat({ model: "error-500" })).status).toBe(500);
  expect((await chat({ messages: [{ role: "user", content: "x sandbox:error-429" }] })).status).toBe(429);
  expect((await chat({ messages: "none" })).status).toBe(400);
});

it("judges texts, and flags what it is told to", async () => {
  const judge = async (body: object) =>
    await (await fetch(`${model.url}/moderations`, { method: "POST", body: JSON.stringify(body) })).json();
  const { results } = await judge({ model: "sandbox", input: ["Hello", "x sandbox:flagged"] });
  expect(results).toMatchObject([
    { flagged: false },
    { flagged: true, categories: { violence: true, harassment: false } },
  ]);
  expect((await judge({ model: "flagged", input: "Hello" })).results[0].flagged).toBe(true);
  expect(await judge({ model: "error-500", input: "Hello" })).toHaveProperty("error");
  expect(model.moderations).toHaveLength(3);
});
