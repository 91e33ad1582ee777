import { expect, test } from "vitest";
import { difference } from "./access";

const access = { user: [], support: ["customers.read"], owner: ["customers.read", "staff.change"] } as const;

test("a change of role gives what only the new role may, and takes what only the old one might", () => {
  expect(difference(access, "support", "owner")).toEqual({ gained: ["staff.change"], lost: [] });
  expect(difference(access, "owner", "support")).toEqual({ gained: [], lost: ["staff.change"] });
  expect(difference(access, "user", "support")).toEqual({ gained: ["customers.read"], lost: [] });
  expect(difference(access, "owner", "owner")).toEqual({ gained: [], lost: [] });
});
