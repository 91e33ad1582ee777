import { z } from "zod";
import { db } from "#platform/db";
import { happened } from "#platform/happening";
import { type Id, isId } from "#platform/id";
import { enqueue } from "#platform/queue";
import { forgive, limit } from "#platform/rate-limit";
import { readReferral } from "#platform/referral-link";
import { Refusal } from "#platform/refusal";
import { accountOf } from "./account";
import { addressHeader, auth } from "./auth";
import { refusalOf } from "./auth-error";
import { confirmAddress } from "./confirmation";
import { forms, readForm } from "./forms";
import { knownDevice, rememberDevice } from "./known-device";
import { writeAfterSignUp, writeConfirmation, writePasswordChanged, writeReset } from "./letters";
import { type Attempt, forgiveSignIn, limitFrom, limitMail, limitSignIn, limits } from "./limits";
import { readSession, requireSession } from "./session";
import { noteSignUp } from "./sign-up";
import { readSignUp, signUpCookie } from "./sign-up-cookie";
import { confirmStaff, sendStaffCode } from "./staff-code";
import { isSuspended } from "./suspension";
import { endViewing } from "./viewing";

/**
 * What stands under /api/auth. better-auth does the work, behind a list: what is not on it does not
 * exist, bodies are checked before they reach it, and no answer carries a session's token, which belongs
 * in its httpOnly cookie alone.
 */

type Call = { request: Request; address: string | null };
type Endpoint = (call: Call) => Promise<Response>;

const endpoints: Record<string, Endpoint> = {
  "POST /sign-up/email": signUp,
  "POST /send-verification-email": resendConfirmation,
  "POST /verify-email": confirm,
  "POST /sign-in/email": signIn,
  "POST /sign-out": signOut,
  "GET /get-session": renewSession,
  "POST /request-password-reset": requestReset,
  "POST /reset-password": resetPassword,
  "POST /change-password": changePassword,
  "POST /staff-code": mailStaffCode,
  "POST /confirm-staff": enterStaffCode,
  "GET /token": token,
  "GET /jwks": jwks,
};

/**
 * Answers a request under /api/auth.
 * @param address where it came from, for limits and the list of sessions.
 * @throws Refusal for every expected no, which the API turns into problem JSON.
 */
export async function handleAuth(request: Request, address: string | null = null): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/auth/, "");
  const endpoint = endpoints[`${request.method} ${path}`];
  if (!endpoint) throw new Refusal("not_found");
  return endpoint({ request, address });
}

async function signUp(call: Call): Promise<Response> {
  const form = await readForm(call.request, forms.signUp);
  await limitFrom(limits.signUpFrom, call.address);
  await limitMail(attemptOf(call, form.email));
  const made = await forward(call, form).catch((error: unknown) => {
    // Two sign-ups with one address at the same moment: the second is one with a known address.
    if (error instanceof Refusal && error.code === "busy") return null;
    throw error;
  });
  const userId = made ? signedUp.parse(await made.json()).user.id : "";
  await noteSignUp(db(), { id: userId, email: form.email }, call.address);
  await writeAfterSignUp(form.email, userId);
  if (isId("user", userId)) tellOf("signed_up", call, userId);
  const code = readReferral(call.request.headers);
  // Asked for a known address too, so that the answer takes no longer for a new one.
  if (code) await enqueue(db(), "credits.referred", { userId, code });
  return answer({ status: true }, [signUpCookie(form.email)]);
}

const signedUp = z.object({ user: z.object({ id: z.string() }) });

async function resendConfirmation(call: Call): Promise<Response> {
  const { email } = await readForm(call.request, forms.address);
  await limitMail(attemptOf(call, email));
  await writeConfirmation(email);
  return answer({ status: true });
}

async function confirm(call: Call): Promise<Response> {
  const { token } = await readForm(call.request, forms.confirm);
  await limitFrom(limits.linkFrom, call.address);
  const { result, userId, email } = await confirmAddress(token);
  if (result === "confirmed") tellOf("verified", call, userId);
  const session = await readSession(call.request.headers);
  if (session) return answer({ result, signedIn: session.user.id === userId });
  if (result === "used" || readSignUp(call.request.headers) !== email) {
    return answer({ result, signedIn: false });
  }
  // The link has confirmed the address; nothing more is theirs now.
  if (await isSuspended(db(), await accountOf(userId))) return answer({ result, signedIn: false });
  const started = await auth().api.startSession({
    body: { userId },
    headers: headersFor(call),
    asResponse: true,
  });
  const cookies = [signUpCookie(null), rememberDevice(call.request.headers, email)];
  return answer({ result, signedIn: true }, [...started.headers.getSetCookie(), ...cookies]);
}

async function signIn(call: Call): Promise<Response> {
  const form = await readForm(call.request, forms.signIn);
  const attempt = attemptOf(call, form.email);
  await limitSignIn(attempt);
  const signedIn = await forward(call, form);
  await forgiveSignIn(attempt);
  const found = signedUp.safeParse(await signedIn.clone().json());
  if (found.success && isId("user", found.data.user.id)) tellOf("signed_in", call, found.data.user.id);
  return done(signedIn, [rememberDevice(call.request.headers, form.email)]);
}

function attemptOf({ request, address }: Call, email: string): Attempt {
  return { email, address, device: knownDevice(request.headers, email) };
}

/** Lets those know who count. */
function tellOf(name: string, { request, address }: Call, userId: Id<"user">): void {
  happened({ name, userId, request: { headers: request.headers, address } });
}

async function signOut(call: Call): Promise<Response> {
  const session = await readSession(call.request.headers);
  if (session) await endViewing(session, { address: call.address, requestId: null });
  return done(await forward(call, {}));
}

/** Renews the session's row and cookie when they are a day old. */
async function renewSession(call: Call): Promise<Response> {
  const renewed = await forward(call);
  return answer({ signedIn: (await renewed.json()) !== null }, renewed.headers.getSetCookie());
}

async function requestReset(call: Call): Promise<Response> {
  const { email } = await readForm(call.request, forms.address);
  await limitMail(attemptOf(call, email));
  await writeReset(email);
  return answer({ status: true });
}

async function resetPassword(call: Call): Promise<Response> {
  const form = await readForm(call.request, forms.reset);
  await limitFrom(limits.linkFrom, call.address);
  return done(await forward(call, form));
}

async function changePassword(call: Call): Promise<Response> {
  const { user } = await requireSession(call.request.headers);
  const form = await readForm(call.request, forms.changePassword);
  await limit(limits.changePassword, user.id);
  const changed = await forward(call, { ...form, revokeOtherSessions: true });
  await forgive(limits.changePassword, user.id);
  await writePasswordChanged(db(), user.id);
  return done(changed);
}

async function token(call: Call): Promise<Response> {
  await requireSession(call.request.headers);
  return forward(call);
}

async function mailStaffCode({ request }: Call): Promise<Response> {
  const session = await requireSession(request.headers);
  const { again } = await readForm(request, forms.staffCode);
  await sendStaffCode(session, { again });
  return answer({ status: true });
}

async function enterStaffCode({ request, address }: Call): Promise<Response> {
  const session = await requireSession(request.headers);
  const { code } = await readForm(request, forms.confirmStaff);
  await confirmStaff(session, code, { address });
  return answer({ status: true });
}

async function jwks(call: Call): Promise<Response> {
  const keys = await forward(call);
  return Response.json(await keys.json(), { headers: { "Cache-Control": "public, max-age=300" } });
}

/** Lets better-auth answer. @throws Refusal when it says no. */
async function forward(call: Call, body?: unknown): Promise<Response> {
  const { url, method } = call.request;
  const headers = headersFor(call);
  if (body !== undefined) headers.set("content-type", "application/json");
  const response = await auth().handler(
    new Request(url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  if (!response.ok) throw await refusalOf(response);
  return response;
}

function headersFor({ request, address }: Call): Headers {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.delete(addressHeader);
  if (address) headers.set(addressHeader, address);
  return headers;
}

/** Keeps the cookies better-auth set, adds our own and drops what it said. */
function done(response: Response, cookies: readonly string[] = []): Response {
  return answer({ status: true }, [...response.headers.getSetCookie(), ...cookies]);
}

function answer(body: Record<string, unknown>, cookies: readonly string[] = []): Response {
  const response = Response.json(body);
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}
