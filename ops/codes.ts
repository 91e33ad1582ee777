import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { createCodes } from "#credits";
import { terminal } from "#platform/audit";
import { withDatabase } from "#platform/database-server";
import { counted, OperatorError } from "#platform/terminal";

export const usage = "codes FILE.csv";
export const summary =
  "make redeem codes: --credits N [--count N] [--uses N] [--days N] [--until YYYY-MM-DD] [--name TEXT] [--once]";

const number = z.coerce.number().int().min(1).max(1_000_000_000);
const optionsSchema = z.object({
  credits: number,
  count: number.max(100_000).default(1),
  uses: number.default(1),
  /** The credits' life after redemption. */
  days: number.max(36_500).optional(),
  /** The codes' own end, in UTC. */
  until: z.iso.date().optional(),
  name: z.string().min(1).max(64).optional(),
  /** One person may redeem one of them only. */
  once: z.boolean().default(false),
});

export async function run(args: readonly string[]): Promise<undefined> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      credits: text,
      count: text,
      uses: text,
      days: text,
      until: text,
      name: text,
      once: { type: "boolean" },
    },
  });
  const [file] = positionals;
  const options = optionsSchema.safeParse(values);
  if (!file) throw new OperatorError(`npm run ops -- ${usage} --credits N: say into which file.`);
  if (!options.success) {
    const wrong = options.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
    throw new OperatorError(`${wrong.join("\n")}\n${summary}`);
  }
  const { credits, count, uses, days = null, until, name = "Terminal", once } = options.data;
  const expiresAt = until ? new Date(`${until}T23:59:59.999Z`) : null;
  const terms = { credits: BigInt(credits), uses, oncePerPerson: once, lifetimeDays: days, expiresAt };
  const wanted = { name, count, ...terms };
  const codes = await withDatabase(() => createCodes(wanted, terminal));
  const lines = codes.map((code) => `${code},${credits},${uses},${until ?? ""}\r\n`);
  writeFileSync(file, `code,credits,uses,until\r\n${lines.join("")}`, { mode: 0o600 });
  console.log(
    `${counted(count, "code")} for ${counted(credits, "credit")} each, in ${file}. They are kept nowhere else.`,
  );
}
