import { auth } from "./auth";

export async function handleAuth(request: Request, _address: string | null = null): Promise<Response> {
  return auth().handler(request);
}
