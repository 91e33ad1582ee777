import { networkProblem, problemOf } from "#ui/api";

/** Asks the sandbox's own routes. @throws Problem */
export async function askConsole<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`/api/dev/stripe${path}`, {
    method: body ? "POST" : "GET",
    ...(body ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } } : {}),
  }).catch(() => {
    throw networkProblem();
  });
  const json: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, json, response.headers.get("retry-after"), true);
  return json as T;
}
