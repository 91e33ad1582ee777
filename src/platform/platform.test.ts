import { expect, test } from "vitest";
import { testDatabase } from "#test";
import { moneyNow } from "./db";

const { db } = testDatabase();

test("money's clock is the database's", async () => {
  expect(await moneyNow(db())).toBeInstanceOf(Date);
});
