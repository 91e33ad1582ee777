import { networkProblem, problemOf } from "#ui/api";

/** Asks the mailbox's own routes. @throws Problem */
export async function fetchMails<T>(path: string): Promise<T> {
  const response = await fetch(`/api/dev/mails${path}`).catch(() => {
    throw networkProblem();
  });
  const json: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, json, response.headers.get("retry-after"), true);
  return json as T;
}
