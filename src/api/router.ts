import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { KeyHolder, Session } from "#identity";
import { fieldErrors } from "#platform/field-errors";
import { issueIn, issueWords } from "#platform/field-words";
import type { Id } from "#platform/id";
import { localeOf } from "./asker";
import { invalid } from "./problem";

z.config({ customError: issueWords });

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
    defaultHook: (result, c) => {
      if (result.success) return;
      const locale = localeOf(c);
      const errors = fieldErrors(result.error, (issue) => issueIn(issue, locale));
      throw invalid(errors.map(({ path, message }) => ({ path: path || result.target, message })));
    },
  });
}
