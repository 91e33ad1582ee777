import { expect, it } from "vitest";
import { readTable } from "./table";

const label = { en: "Name", zh: "名称" };
const columns = [{ name: "name", label, type: "text" }] as const;
const json = '{"rows": [{"name": "Ada"}]}';

it.each([json, `Here it is: ${json} Enjoy!`, `\`\`\`json \n${json}\n\`\`\`\nEnjoy {it}!`])(
  "reads the table in %j",
  (answer) => {
    expect(readTable(columns, answer)).toEqual([{ name: "Ada" }]);
  },
);

it("is none in a fence that never ends, however long, and that is known at once", () => {
  const began = performance.now();
  expect(readTable(columns, `\`\`\`${"\n".repeat(200_000)}`)).toBeNull();
  expect(performance.now() - began).toBeLessThan(1_000);
}, 10_000);
