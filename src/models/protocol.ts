import { type AnthropicProvider, createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { ImageModel, LanguageModel } from "ai";
import { z } from "zod";
import type { ModelKind } from "./model";
import type { Server } from "./server";

/** What a provider's server speaks: most speak OpenAI's API; Anthropic and Google have their own. */

export const protocols = ["openai", "anthropic", "google"] as const;
export type Protocol = (typeof protocols)[number];

/** The kinds of models that can be asked by it. */
const kindsOf: Record<Protocol, readonly ModelKind[]> = {
  openai: ["text", "image", "moderation"],
  anthropic: ["text"],
  google: ["text", "image"],
};

export function speaks({ protocol }: Pick<Server, "protocol">, kind: ModelKind): boolean {
  return kindsOf[protocol].includes(kind);
}

/** A model that writes. */
export function languageModel(server: Server, name: string): LanguageModel {
  switch (server.protocol) {
    case "openai":
      return openai(server).chatModel(name);
    case "anthropic":
      return anthropic(server)(name);
    case "google":
      return google(server)(name);
  }
}

/** A model that draws. @throws Error for a protocol that has none, whose models `speaks` keeps away */
export function imageModel(server: Server, name: string): ImageModel {
  switch (server.protocol) {
    case "openai":
      return openai(server).imageModel(name);
    case "google":
      return google(server).image(name);
    case "anthropic":
      throw new Error("Anthropic's API draws nothing.");
  }
}

/** Without one a server's SDK would look for a key in the environment, where ours are not. */
const noKey = "none";

function openai({ baseUrl, key }: Server) {
  return createOpenAICompatible({
    name: "provider",
    baseURL: trimmed(baseUrl),
    ...(key && { apiKey: key }),
    includeUsage: true,
    fetch: fetchProvider,
  });
}

function anthropic({ baseUrl, key }: Server): AnthropicProvider {
  return createAnthropic({ baseURL: trimmed(baseUrl), apiKey: key ?? noKey, fetch: fetchProvider });
}

function google({ baseUrl, key }: Server) {
  return createGoogleGenerativeAI({ baseURL: trimmed(baseUrl), apiKey: key ?? noKey, fetch: fetchProvider });
}

/** Asks a provider, and no other server that it names: a key and a customer's text go where the operator said. */
export const fetchProvider: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "error" });

function trimmed(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "");
}

/** Where a server lists its models, and how it is asked; every one of them does. */
export function listRequest({ protocol, baseUrl, key }: Omit<Server, "name">): {
  url: string;
  headers: Record<string, string>;
} {
  const url = `${trimmed(baseUrl)}/models`;
  switch (protocol) {
    case "openai":
      return { url, headers: key ? { authorization: `Bearer ${key}` } : {} };
    case "anthropic":
      return {
        url: `${url}?limit=1000`,
        headers: { "anthropic-version": "2023-06-01", "x-api-key": key ?? noKey },
      };
    case "google":
      return { url: `${url}?pageSize=1000`, headers: { "x-goog-api-key": key ?? noKey } };
  }
}

const modelList = z.union([
  z
    .object({ data: z.array(z.object({ id: z.string().max(200) })) })
    .transform(({ data }) => data.map(({ id }) => id)),
  z
    .object({ models: z.array(z.object({ name: z.string().max(200) })) })
    .transform(({ models }) => models.map(({ name }) => name.replace(/^models\//, ""))),
]);

/** The names in its answer; null when it is no list of models. */
export function findNames(answer: unknown): string[] | null {
  return modelList.safeParse(answer).data ?? null;
}

const fault = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});

/** What a server says is wrong, as all of them write it; null when it says nothing. */
export function faultIn(answer: unknown): string | null {
  return fault.safeParse(answer).data?.error ?? null;
}
