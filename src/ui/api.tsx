/**
 * The browser's side of the HTTP API: JSON in, JSON out, every refusal as a `Problem`. A 401 also raises
 * the event `signedOutEvent` on window, at which the session gate opens a sign-in dialog over the page.
 */

/** Raised on window when the server says that nobody is signed in. */
export const signedOutEvent = "toolmint:signed-out";

/** Asks whoever is there to sign in; true once they have. */
export type AskToSignIn = () => Promise<boolean>;
let askToSignIn: AskToSignIn | null = null;

/** Lets the session gate answer a 401: the request waits for it and is then sent again. */
export function onSignedOut(ask: AskToSignIn | null): void {
  askToSignIn = ask;
}

type ProblemFacts = {
  status: number;
  code: string;
  title: string;
  detail?: string;
  requestId?: string;
  errors: readonly { path: string; message: string }[];
  /** Seconds, from Retry-After. */
  retryAfter?: number;
  /** The refusal's own facts, such as `need` and `have`. */
  facts: Readonly<Record<string, unknown>>;
};

/** A request that failed: refused by the server (`code` as in the problem JSON), a fault, or `network`. */
export class Problem extends Error {
  override name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly errors: readonly { path: string; message: string }[];
  readonly retryAfter: number | null;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(problem: ProblemFacts) {
    super(problem.title);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail ?? null;
    this.requestId = problem.requestId ?? null;
    this.errors = problem.errors;
    this.retryAfter = problem.retryAfter ?? null;
    this.facts = problem.facts;
  }

  /** A fact that is a number, else null. */
  number(name: string): number | null {
    const value = this.facts[name];
    return typeof value === "number" ? value : null;
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type ApiOptions = {
  query?: Query;
  signal?: AbortSignal;
  /** For requests that create or spend; one key for one intention, repeats included. */
  idempotencyKey?: string;
  /** Do not raise the sign-in dialog on 401: for questions whose answer may be "nobody". */
  quiet?: boolean;
};

/** The client. `T` is the shape that the API's contract promises for the path. */
export const api = {
  get: <T,>(path: string, options: ApiOptions = {}): Promise<T> => send<T>("GET", path, undefined, options),
  post: <T,>(path: string, body?: unknown, options: ApiOptions = {}): Promise<T> =>
    send<T>("POST", path, body ?? {}, options),
  put: <T = void>(path: string, body: unknown, options: ApiOptions = {}): Promise<T> =>
    send<T>("PUT", path, body, options),
  patch: <T,>(path: string, body: unknown, options: ApiOptions = {}): Promise<T> =>
    send<T>("PATCH", path, body, options),
  delete: <T = void>(path: string, options: ApiOptions = {}): Promise<T> =>
    send<T>("DELETE", path, undefined, options),
};

/** Where an API path stands, with its query; for links such as CSV downloads. `path` begins with "/". */
export function apiUrl(path: string, query: Query = {}): string {
  const known = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const search = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${search ? `?${search}` : ""}`;
}

/** A fresh key for the Idempotency-Key header. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

/** Turns a response that is not ok into a Problem, and tells the session gate about a 401. */
export function problemOf(status: number, body: unknown, retryAfter: string | null, quiet = false): Problem {
  const given = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const { type: _type, title, status: _status, code, detail, requestId, errors, ...facts } = given;
  if (status === 401 && !quiet) window.dispatchEvent(new Event(signedOutEvent));
  return new Problem({
    status,
    code: typeof code === "string" ? code : "fault",
    title: typeof title === "string" ? title : `HTTP ${status}`,
    ...(typeof detail === "string" && { detail }),
    ...(typeof requestId === "string" && { requestId }),
    ...(retryAfter !== null && Number.isFinite(Number(retryAfter)) && { retryAfter: Number(retryAfter) }),
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
    facts,
  });
}

/** The failure of a request that never got an answer. */
export function networkProblem(): Problem {
  return new Problem({ status: 0, code: "network", title: "Network error", errors: [], facts: {} });
}

function isFieldError(value: unknown): value is { path: string; message: string } {
  return typeof value === "object" && value !== null && "path" in value && "message" in value;
}

async function send<T>(method: string, path: string, body: unknown, options: ApiOptions): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, options.query), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw networkProblem();
  }
  let quiet = options.quiet ?? false;
  if (response.status === 401 && !quiet && askToSignIn) {
    if (await askToSignIn()) return send<T>(method, path, body, options);
    quiet = true;
  }
  const json: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, json, response.headers.get("retry-after"), quiet);
  return json as T;
}
