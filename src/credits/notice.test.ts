import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openAccount, stopLedger, submit } from "#ledger";
import { type Config, parseConfig } from "#platform/config";
import { newId } from "#platform/id";
import { mailTasks } from "#platform/mail";
import { singleton } from "#platform/singleton";
import { mails, users } from "#schema";
import { runJobs, testDatabase } from "#test";
import { noteCharge, noticeExpiring } from "./notice";
import { creditTasks } from "./tasks";
import { chooseMails, readMailChoices, readUnsubscribeToken, unsubscribe } from "./unsubscribe";

const { db } = testDatabase();
const config = singleton<Config>("config");
const taken: string[] = [];

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  logger: false,
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      taken.push(Buffer.concat(chunks).toString());
      done();
    });
  },
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
// One whose days have 23 to 25 hours.
beforeAll(async () => {
  const { rows } = await db().execute<{ name: string }>(sql`select current_database() as name`);
  await db().execute(sql.raw(`alter database ${rows[0]?.name} set timezone to 'America/New_York'`));
  await db().execute(sql`set timezone to 'America/New_York'`);
});
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
  await stopLedger();
});
beforeEach(() => {
  taken.length = 0;
  config.set(
    parseConfig({
      SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
      MAIL_FROM: "Toolmint <mail@toolmint.test>",
      AUTH_SECRET: "a secret of more than thirty-two characters",
    }),
  );
});

const day = 86_400_000;

/** @param ms so much later, or earlier if negative */
async function itIs(time: string, ms = 0): Promise<void> {
  const seconds = (Date.parse(time) + ms) / 1000;
  await db().execute(
    sql`update money_clock set shift = make_interval(secs => ${seconds} - date_part('epoch', clock_timestamp()))`,
  );
}

async function somebody({ locale = "en" as "en" | "zh", verified = true, timeZone = "Asia/Shanghai" } = {}) {
  const userId = newId("user");
  const email = `${userId}@example.com`;
  const zone = { locale, timeZone };
  await db()
    .insert(users)
    .values({ id: userId, name: "Ada", email, emailVerified: verified, ...zone });
  const accountId = await db().transaction((tx) => openAccount(tx, { ownerType: "user", ownerId: userId }));
  const lot = { verb: "grant", accountId, cause: "pack" } as const;
  const grant = (credits: bigint, expiresAt: string | null, source: "pack" | "plan" = "pack") =>
    submit({
      ...lot,
      key: newId("request"),
      credits,
      source,
      expiresAt: expiresAt ? new Date(expiresAt) : null,
    });
  const letters = () => db().select().from(mails).where(eq(mails.recipient, email)).orderBy(mails.createdAt);
  return { userId, accountId, email, grant, letters };
}

const subjects = async (person: Awaited<ReturnType<typeof somebody>>) =>
  (await person.letters()).map(({ subject }) => subject);

describe("credits that expire", () => {
  test("are told of 30 and 7 days before, once each, with the day in the reader's zone", async () => {
    await itIs("2027-01-01T00:00:00Z");
    const ada = await somebody();
    await ada.grant(300n, "2027-03-31T20:00:00Z");
    await ada.grant(50n, "2027-03-31T21:00:00Z");
    await itIs("2027-03-01T19:00:00Z");
    await noticeExpiring();
    expect(await subjects(ada)).toEqual([]);
    await itIs("2027-03-01T22:00:00Z");
    await Promise.all([noticeExpiring(), noticeExpiring(), noticeExpiring({ batchSize: 1 })]);
    await noticeExpiring();
    expect(await subjects(ada)).toEqual(["350 credits expire on April 1, 2027"]);
    await itIs("2027-03-15T00:00:00Z");
    await noticeExpiring();
    expect(await subjects(ada)).toHaveLength(1);
    await itIs("2027-03-24T22:00:00Z");
    await noticeExpiring();
    await itIs("2027-03-26T22:00:00Z");
    await noticeExpiring();
    expect(await subjects(ada)).toHaveLength(2);
  });

  test("are told of in Chinese, and not at all when they are a plan's or spent", async () => {
    await itIs("2028-01-01T00:00:00Z");
    const [ada, bob, eve] = [await somebody({ locale: "zh" }), await somebody(), await somebody()];
    await ada.grant(30n, "2028-03-01T00:00:00Z");
    await bob.grant(30n, "2028-03-01T00:00:00Z", "plan");
    await eve.grant(30n, "2028-03-01T00:00:00Z");
    const { accountId } = eve;
    await submit({ verb: "charge", accountId, key: "all", credits: 30n, cause: "tool:ocr" });
    await itIs("2028-02-10T00:00:00Z");
    await noticeExpiring();
    expect(await subjects(ada)).toEqual(["30 积分将于 2028年3月1日到期"]);
    expect([await subjects(bob), await subjects(eve)]).toEqual([[], []]);
  });

  test("are told of to the minute, with the reader's own day, when summer time begins and ends and on a leap day", async () => {
    const told: string[] = [];
    for (const [end, timeZone] of [
      ["2030-03-10T04:30:00Z", "America/New_York"],
      ["2030-03-11T03:30:00Z", "America/New_York"],
      ["2030-11-04T04:30:00Z", "America/New_York"],
      ["2032-02-29T23:30:00Z", "Europe/Berlin"],
      ["2032-02-29T22:30:00Z", "Europe/Berlin"],
    ] as const) {
      await itIs(end, -60 * day);
      const reader = await somebody({ timeZone });
      await reader.grant(30n, end);
      await itIs(end, -7 * day - 20_000);
      await noticeExpiring();
      const early = await subjects(reader);
      await itIs(end, -7 * day);
      await noticeExpiring();
      told.push(...(await subjects(reader)).slice(early.length));
    }
    expect(told).toEqual([
      "30 credits expire on March 9, 2030",
      "30 credits expire on March 10, 2030",
      "30 credits expire on November 3, 2030",
      "30 credits expire on March 1, 2032",
      "30 credits expire on February 29, 2032",
    ]);
  });

  test("are told of once a day at most; a lot that came later is told of the next day", async () => {
    await itIs("2029-01-01T00:00:00Z");
    const ada = await somebody();
    await ada.grant(30n, "2029-03-01T00:00:00Z");
    await ada.grant(40n, "2029-03-02T00:00:00Z");
    await itIs("2029-01-30T08:00:00Z");
    await noticeExpiring();
    await itIs("2029-01-31T08:00:00Z");
    await noticeExpiring();
    await noticeExpiring();
    expect(await subjects(ada)).toEqual([
      "30 credits expire on March 1, 2029",
      "40 credits expire on March 2, 2029",
    ]);
  });
});

describe("a low balance", () => {
  const charge = async (person: Awaited<ReturnType<typeof somebody>>, credits: bigint) => {
    const { accountId } = person;
    await noteCharge(
      await submit({ verb: "charge", accountId, key: newId("request"), credits, cause: "tool:ocr" }),
    );
    await runJobs(creditTasks.system ?? {});
  };

  test("is told once when it falls below the mark, and once a day at most", async () => {
    await itIs("2029-05-01T10:00:00Z");
    const ada = await somebody();
    await ada.grant(30n, null);
    await charge(ada, 10n);
    expect(await subjects(ada)).toEqual([]);
    await charge(ada, 5n);
    await charge(ada, 5n);
    expect(await subjects(ada)).toEqual(["15 credits left"]);
    await ada.grant(30n, null);
    await charge(ada, 35n);
    expect(await subjects(ada)).toHaveLength(1);
    await itIs("2029-05-02T10:00:00Z");
    await ada.grant(30n, null);
    await charge(ada, 35n);
    expect(await subjects(ada)).toEqual(["15 credits left", "No credits left"]);
  });
});

describe("whoever does not want them", () => {
  test("ends one kind by the mail's own link, without signing in, with one click of the mail program", async () => {
    await itIs("2030-01-01T00:00:00Z");
    const ada = await somebody();
    await ada.grant(30n, "2030-03-01T00:00:00Z");
    await itIs("2030-02-10T00:00:00Z");
    await noticeExpiring();
    await runJobs(mailTasks);
    const message = taken.find((one) => one.includes(ada.email))?.replace(/\r\n[ \t]+/g, " ") ?? "";
    expect(message).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    const link = /List-Unsubscribe: ?<(\S+)>/.exec(message)?.[1] ?? "";
    expect((await ada.letters())[0]?.html).toContain(link);
    const token = new URL(link).searchParams.get("token") ?? "";
    expect(readUnsubscribeToken(token)).toEqual({ userId: ada.userId, kind: "expiring" });
    await unsubscribe(token);
    await unsubscribe(token);
    expect(await readMailChoices(db(), ada.userId)).toEqual({
      expiring: false,
      lowBalance: true,
      news: true,
    });
    await itIs("2030-02-25T00:00:00Z");
    await noticeExpiring();
    expect(await subjects(ada)).toHaveLength(1);
  });

  test("is not found by a token that somebody made up", async () => {
    const ada = await somebody();
    for (const token of ["", "x", `${ada.userId}.expiring.AAAA`, `${ada.userId}.everything.AAAA`]) {
      await expect(unsubscribe(token)).rejects.toEqual(expect.objectContaining({ code: "link_invalid" }));
    }
  });

  test("chooses on the account page, and changes their mind", async () => {
    const ada = await somebody();
    expect(await chooseMails(ada.userId, { lowBalance: false })).toEqual({
      expiring: true,
      lowBalance: false,
      news: true,
    });
    expect(await chooseMails(ada.userId, { lowBalance: true })).toEqual({
      ...{ expiring: true, lowBalance: true, news: true },
    });
  });

  test("gets none either before the address is confirmed", async () => {
    await itIs("2031-01-01T00:00:00Z");
    const eve = await somebody({ verified: false });
    await eve.grant(30n, "2031-03-01T00:00:00Z");
    await itIs("2031-02-10T00:00:00Z");
    await noticeExpiring();
    expect(await subjects(eve)).toEqual([]);
  });
});
