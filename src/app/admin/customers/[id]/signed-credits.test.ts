import { expect, it } from "vitest";
import { parseCredits } from "./signed-credits";

it("reads credits with either sign, grouped or not, and nothing else", () => {
  const read = { "100": 100, "+1,000": 1000, "\u221240": -40, "- 4": -4, " 12 345 ": 12345 };
  for (const [text, credits] of Object.entries(read)) expect(parseCredits(text), text).toBe(credits);
  for (const text of ["", "-", "0", "-0", "1.5", "ten", "1e3", "99999999999"]) {
    expect(parseCredits(text), text).toBeNull();
  }
});
