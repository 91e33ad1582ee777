import { expect, it } from "vitest";
import { chartCsv, csvText } from "./csv";

it("writes a line a day with every series and the total", () => {
  const csv = chartCsv(
    [
      { day: "2026-11-22", amounts: { ocr: 4 } },
      { day: "2026-11-23", amounts: { ocr: 1, other: 2 } },
    ],
    [
      { key: "ocr", label: 'Read "text", any', hue: "c1" },
      { key: "other", label: "Other", hue: "c0" },
    ],
    { day: "Day", total: "Total" },
  );
  expect(csv).toBe('Day,"Read ""text"", any",Other,Total\r\n2026-11-22,4,0,4\r\n2026-11-23,1,2,3\r\n');
});

it("makes text of what a spreadsheet would take for a formula, and leaves figures below zero", () => {
  expect(csvText([["=1+1", "@SUM(A1)", "-cmd", "-4", "-12.50"]])).toBe("'=1+1,'@SUM(A1),'-cmd,-4,-12.50\r\n");
});
