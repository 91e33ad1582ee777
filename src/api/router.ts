import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { KeyHolder, Session } from "#identity";
import { fieldErrors } from "#platform/field-errors";
import type { Id } from "#platform/id";
import { invalid } from "./problem";

// In words for those who call the API: zod's own speak of types. Tools' inputs have their own, in two languages.
z.config({
  customError: ({ code, input, ...issue }) => {
    if (code === "invalid_type" && input === undefined) return "It is missing.";
    if (code === "invalid_type" && issue.expected === "int") return "It must be a whole number.";
    if (code === "too_small" && issue.origin === "string" && Number(issue.minimum) === 1)
      return "It is empty.";
    return undefined;
  },
});

export type ApiEnv = {
  /** Absent when a request does not come through node-server (tests, other hosts). */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: Id<"request">;
    /** Set under /api/v1. */
    session: Session | null;
    /** Who sent an API key; then there is neither session nor visitor. */
    keyHolder: KeyHolder | null;
    visitorId: Id<"visitor"> | null;
  };
};

/** A router whose schema failures become one 422 that names every wrong field. */
export function newRouter() {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      throw invalid(
        fieldErrors(result.error).map(({ path, message }) => ({ path: path || result.target, message })),
      );
    },
  });
}
