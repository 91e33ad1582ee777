import { afterAll, expect, it } from "vitest";
import { announced, stopHearing } from "#platform/changes";
import { testDatabase } from "#test";
import { api } from "./app";
import { aKey, anOwner, aUser } from "./test-caller";

testDatabase();
afterAll(async () => {
  await announced();
  await stopHearing();
});

it("a flag is made by staff, and read by the customer and with a key; a made-up one is not there", async () => {
  const [owner, ada, eve] = [await anOwner(), await aUser("ada"), await aUser("eve")];
  const save = async (body: object, key: string, name = "new-editor") =>
    api.request(`/api/v1/admin/flags/${name}`, {
      method: "PUT",
      headers: { ...owner.headers, "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify({ text: "", reason: "the new editor", ...body }),
    });
  const read = async (headers: Record<string, string>, path = "/flags") =>
    (await api.request(`/api/v1${path}`, { headers })).json();
  const rules = { state: "rules", percent: 0, people: [ada.session.user.email] };
  const saved = await save(rules, "k1");
  expect([saved.status, await saved.json()]).toMatchObject([
    200,
    { key: "new-editor", people: rules.people },
  ]);
  expect(await read(ada.headers)).toEqual({ flags: { "new-editor": true } });
  expect((await read(ada.headers, "/me")).flags).toEqual({ "new-editor": true });
  expect(await read(eve.headers)).toEqual({ flags: { "new-editor": false } });
  const service = await aKey(owner);
  const acting = { ...service.headers, "toolmint-account": ada.session.accountId };
  expect(await read(acting)).toEqual({ flags: { "new-editor": true } });
  expect((await save({ state: "off" }, "k2")).status).toBe(200);
  expect(await read(ada.headers)).toEqual({ flags: { "new-editor": false } });
  expect((await save({ state: "on" }, "k3", "New_Editor")).status).toBe(422);
  expect((await save({ ...rules, people: ["nobody@example.com"] }, "k4")).status).toBe(422);
  const log = await read(owner.headers, "/admin/acts?object=new-editor");
  expect(log.data.map(({ action }: { action: string }) => action)).toEqual(["flag.change", "flag.make"]);
});
