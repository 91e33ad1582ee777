import { expect, it } from "vitest";
import { unread } from "./unread";

it("figures that could not be read are found, empty ones are not", () => {
  const fields = [
    { name: "a", minimum: null },
    { name: "b", minimum: Number.NaN },
  ];
  expect(
    unread({ fields, work: { price: { most: { seconds: Number.NaN, files: 2 } } }, text: "NaN" }),
  ).toEqual(["fields.1.minimum", "work.price.most.seconds"]);
});
