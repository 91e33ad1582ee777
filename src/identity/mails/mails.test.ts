import { expect, test } from "vitest";
import { locales } from "#i18n";
import { alreadyRegisteredMail, confirmMail, passwordChangedMail, resetMail, welcomeMail } from "./index";

const link = "http://localhost:3000/verify?token=abc-_1";
const at = new Date("2026-11-24T12:05:00Z");

test.each(locales)("every letter in %s has a subject, a way on and a plain text part", async (locale) => {
  const reader = { email: "ada@example.com", locale, timeZone: "Asia/Shanghai" };
  const letters = [
    await confirmMail(reader, link, 24),
    await alreadyRegisteredMail(reader, link, 60),
    await resetMail(reader, link, 60),
    await passwordChangedMail(reader, at),
    await welcomeMail(reader, "welcome:1"),
  ];
  for (const { subject, html, text, to } of letters) {
    expect(to).toBe("ada@example.com");
    expect(subject).not.toMatch(/[{}]|mails\./);
    expect(html).toContain(`lang="${locale === "zh" ? "zh-Hans" : "en"}"`);
    expect(html).not.toMatch(/src="http/);
    const [way = ""] = /http:\S+/.exec(text) ?? [];
    expect(html).toContain(`href="${way.replaceAll("&", "&amp;")}"`);
    if (locale === "zh") expect(subject).toMatch(/[\u4e00-\u9fff]/);
  }
  expect(letters.map(({ secret }) => secret ?? false)).toEqual([true, true, true, false, false]);
});

test("the hour in a letter is the reader's", async () => {
  const reader = { email: "ada@example.com", locale: "en" as const, timeZone: "Asia/Shanghai" };
  expect((await passwordChangedMail(reader, at)).text).toContain("8:05:00 PM GMT+8");
});
