import { describe, expect, it } from "vitest";
import { readMessage } from "#ui/live-connection";

describe("readMessage", () => {
  it("reads a snapshot", () => {
    expect(readMessage("snapshot", '{"available":96,"held":4,"running":["run_1"]}')).toEqual({
      type: "snapshot",
      available: 96,
      held: 4,
      running: ["run_1"],
    });
  });

  it("reads a change, with or without the balance", () => {
    expect(readMessage("changed", '{"runs":["run_1"],"balance":true}')).toEqual({
      type: "changed",
      runs: ["run_1"],
      balance: true,
    });
    expect(readMessage("changed", '{"runs":[]}')).toEqual({ type: "changed", runs: [], balance: false });
  });

  it("ignores what is not of its form", () => {
    expect(readMessage("snapshot", '{"available":"96"}')).toBeNull();
    expect(readMessage("changed", "not json")).toBeNull();
    expect(readMessage("changed", undefined)).toBeNull();
  });
});
