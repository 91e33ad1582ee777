import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { config } from "#platform/config";
import { db } from "#platform/db";
import type { Id } from "#platform/id";
import { unseal } from "#platform/sealed";
import { models, providers } from "#schema";
import { speaks } from "./protocol";
import { environmentServer, type Server } from "./server";

/** The models that may be asked, in the order in which they are. */

export const modelKinds = ["text", "image", "moderation"] as const;
export type ModelKind = (typeof modelKinds)[number];

/** What a model costs the operator, in millionths of a US dollar; null: unknown. */
export type ModelCosts = {
  /** For a million tokens read, and written. */
  inputCost: bigint | null;
  outputCost: bigint | null;
  /** For an image. */
  imageCost: bigint | null;
};

export type Model = ModelCosts & {
  /** Null for the one of AI_MODEL, which no row describes. */
  id: Id<"model"> | null;
  /** As its provider calls it. */
  name: string;
  contextTokens: number | null;
};

/** A model with what it takes to ask it. */
export type Candidate = {
  model: Model;
  provider: Server & {
    /** Null for that of AI_BASE_URL. */
    id: Id<"provider"> | null;
    maxConcurrent: number | null;
    maxPerMinute: number | null;
    /** It failed a moment ago, and is left alone. */
    rests: boolean;
  };
};

/**
 * Those that can be asked: first the ones that are wanted, in the order in which they are named, then the others
 * of the kind in the operator's order, and at last the one of AI_MODEL. Whose provider rests comes after all
 * whose provider does not: better a chance than none.
 */
export async function findCandidates(kind: ModelKind, wanted: readonly string[] = []): Promise<Candidate[]> {
  const rows = await db()
    .select({ model: models, provider: providers, rests: sql<boolean>`coalesce(rests_until > now(), false)` })
    .from(models)
    .innerJoin(providers, eq(providers.id, models.providerId))
    .where(
      and(
        eq(models.kind, kind),
        ...[eq(models.enabled, true), eq(providers.enabled, true)],
        ...[isNull(models.archivedAt), isNull(providers.archivedAt)],
      ),
    )
    .orderBy(asc(models.position), asc(models.id));
  const found = rows.flatMap(({ model, provider, rests }): Candidate[] => {
    const { id, name, protocol, baseUrl, maxConcurrent, maxPerMinute } = provider;
    if (!speaks(provider, kind)) return [];
    const key = provider.key && unseal(provider.key, id);
    // Sealed with another AUTH_SECRET: it has to be entered anew, which the back office says.
    if (provider.key && key === null) return [];
    return [{ model, provider: { id, name, protocol, baseUrl, key, maxConcurrent, maxPerMinute, rests } }];
  });
  const place = ({ model }: Candidate) => {
    const index = wanted.indexOf(model.name);
    return index < 0 ? wanted.length : index;
  };
  const ordered = [...found, ...ofEnvironment(kind)].toSorted((a, b) => place(a) - place(b));
  return [
    ...ordered.filter(({ provider }) => !provider.rests),
    ...ordered.filter(({ provider }) => provider.rests),
  ];
}

/** Whether any model of the kind is there to be asked. Every list of tools wants to know. */
export async function hasModel(kind: ModelKind): Promise<boolean> {
  return ofEnvironment(kind).length > 0 || (await findCandidates(kind)).length > 0;
}

/** The one that AI_BASE_URL, AI_API_KEY and AI_MODEL name. */
function ofEnvironment(kind: ModelKind): Candidate[] {
  if (kind !== "text") return [];
  const server = environmentServer();
  const { AI_MODEL: name, AI_INPUT_COST, AI_OUTPUT_COST } = config();
  if (!server || !name) return [];
  return [
    {
      model: {
        ...{ id: null, name, contextTokens: null, imageCost: null },
        ...{ inputCost: millionths(AI_INPUT_COST), outputCost: millionths(AI_OUTPUT_COST) },
      },
      provider: { ...server, id: null, maxConcurrent: null, maxPerMinute: null, rests: false },
    },
  ];
}

function millionths(dollars: number | undefined): bigint | null {
  return dollars === undefined ? null : BigInt(Math.round(dollars * 1_000_000));
}
