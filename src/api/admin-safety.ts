import { createRoute, z } from "@hono/zod-openapi";
import { hasModel } from "#models";
import {
  changeSafetyRules,
  countSafety,
  findPhrase,
  listRefusals,
  longestPhrase,
  mostPhrases,
  phrasesOf,
  type RefusedRun,
  readSafetyRules,
  readWordList,
} from "#safety";
import { reasonSchema } from "./admin-staff";
import { invalid, problems } from "./problem";
import { newRouter } from "./router";
import { bodyOf, json, pageOf, pageQuery, readCursor, timeSchema, writeCursor } from "./schemas";
import { actorOf, needs } from "./staff";

/** What may not go into tools nor come out of them, and what was refused of late. */

const tags = ["Back office"];
const count = z.int();

const fields = {
  words: z.string().max(400_000).openapi({
    description: "Words and phrases that no text may contain, one a line.",
    example: "first word\nanother phrase",
  }),
  asksModel: z.boolean().openapi({ description: "Whether a moderation model is asked, where one is set." }),
  withoutVerdict: z.enum(["pass", "refuse"]).openapi({
    description: "What becomes of a text when no model gives a verdict in time.",
  }),
  verdictSeconds: z.int().min(1).max(30).openapi({ description: "How long a verdict is waited for." }),
  version: z.int().min(0).openapi({ description: "Counts the changes: send back the one that you read." }),
};
const safetySchema = z
  .object({
    ...fields,
    hasModel: z.boolean().openapi({ description: "A moderation model is set and on." }),
    refused: z
      .object({ input: count, output: count, byWords: count, byModel: count, unjudged: count })
      .openapi({ description: "Runs refused in the last 30 days." }),
    missing: z
      .object({ pass: count, refuse: count })
      .openapi({ description: "Texts without a verdict in the last 30 days, by what became of them." }),
  })
  .openapi("Safety");
const refusalSchema = z
  .object({
    runId: z.string(),
    tool: z.string(),
    stage: z.enum(["input", "output"]),
    foundBy: z.enum(["words", "model", "unjudged"]),
    found: z.string().openapi({ description: "The phrase of the list, or what the model flagged it for." }),
    customerId: z.string().nullable().openapi({ description: "Null for a visitor's." }),
    customerMail: z.string().nullable(),
    at: timeSchema,
  })
  .openapi("ContentRefusal");

export type SafetyJson = z.infer<typeof safetySchema>;
export type ContentRefusalJson = z.infer<typeof refusalSchema>;

const reading = ["unauthenticated", "forbidden", "not_found"] as const;
const writing = [...reading, "malformed_request", "invalid_request"] as const;

const readRoute = createRoute({
  ...{ method: "get", path: "/admin/safety", tags, summary: "Safety of content", ...needs("safety.read") },
  responses: {
    200: { description: "The rules, and how often they refused.", content: json(safetySchema) },
    ...problems(...reading),
  },
});
const changeRoute = createRoute({
  ...{ method: "put", path: "/admin/safety", tags, summary: "Change the rules", ...needs("safety.change") },
  description: "They hold for every run that begins from now on, in every process.",
  request: { body: bodyOf(z.strictObject({ ...fields, reason: reasonSchema })) },
  responses: {
    200: { description: "The rules as they are now.", content: json(safetySchema) },
    ...problems(...writing, "draft_stale"),
  },
});
const tryRoute = createRoute({
  ...{ method: "post", path: "/admin/safety/try", tags, summary: "Try a list", ...needs("safety.change") },
  description: "Which phrase of a list would refuse a text. Nothing is kept.",
  request: {
    body: bodyOf(z.strictObject({ words: fields.words, text: z.string().max(10_000) })),
  },
  responses: {
    200: {
      description: "The first one; null for none.",
      content: json(z.object({ found: z.string().nullable() })),
    },
    ...problems(...writing),
  },
});
const refusalsRoute = createRoute({
  ...{ method: "get", path: "/admin/safety/refusals", tags, summary: "Refused runs" },
  ...needs("safety.read"),
  description: "Newest first, without what went in and came out.",
  request: { query: z.object(pageQuery) },
  responses: {
    200: { description: "A page of them.", content: json(pageOf(refusalSchema)) },
    ...problems(...reading, "invalid_request"),
  },
});

export const safetyOffice = newRouter()
  .openapi(readRoute, async (c) => c.json(await safetyJson(), 200))
  .openapi(changeRoute, async (c) => {
    const { words, version, reason, ...wish } = c.req.valid("json");
    const phrases = requirePhrases(words);
    await changeSafetyRules({ ...wish, phrases }, { version, reason, by: actorOf(c) });
    return c.json(await safetyJson(), 200);
  })
  .openapi(tryRoute, (c) => {
    const { words, text } = c.req.valid("json");
    return c.json({ found: findPhrase(readWordList(requirePhrases(words)), text) }, 200);
  })
  .openapi(refusalsRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = readCursor(cursor, /^run_[0-9a-z]{26}$/);
    const { refusals, next } = await listRefusals({ limit, before });
    return c.json({ data: refusals.map(refusalJson), nextCursor: writeCursor(next) }, 200);
  });

/** @throws Refusal invalid_request for a list that is too long, or has a phrase that is */
function requirePhrases(words: string): string[] {
  const phrases = phrasesOf(words);
  const no = (message: string) => invalid([{ path: "words", message }]);
  if (phrases.length > mostPhrases) throw no(`At most ${mostPhrases} phrases.`);
  const long = phrases.find((phrase) => phrase.length > longestPhrase);
  if (long) throw no(`At most ${longestPhrase} characters a phrase: ${long.slice(0, 30)}…`);
  return phrases;
}

async function safetyJson(): Promise<SafetyJson> {
  const { phrases, ...rules } = await readSafetyRules();
  const counts = await countSafety();
  return { words: phrases.join("\n"), ...rules, hasModel: await hasModel("moderation"), ...counts };
}

function refusalJson({ at, ...refusal }: RefusedRun): ContentRefusalJson {
  return { ...refusal, at: at.toISOString() };
}
