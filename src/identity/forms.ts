import { z } from "zod";
import { fieldErrors } from "#platform/field-errors";
import { Refusal } from "#platform/refusal";
import { isTimeZone } from "#platform/time-zone";

/** What identity's endpoints accept. Everything else in a body, such as a role, is dropped here. */

/** Passwords: at least this long. Length is what makes them strong, so nothing else is asked. */
export const passwordLength = { min: 10, max: 128 } as const;

const email = z
  .string()
  .trim()
  .max(254)
  .transform((text) => text.toLowerCase())
  .pipe(z.email());
const newPassword = z.string().min(passwordLength.min).max(passwordLength.max);
const knownPassword = z.string().min(1).max(passwordLength.max);
const token = z.string().min(1).max(200);

export const forms = {
  signUp: z.object({
    name: z.string().trim().min(1).max(100),
    email,
    password: newPassword,
    locale: z.enum(["en", "zh"]).default("en"),
    timeZone: z.string().max(64).refine(isTimeZone).catch("UTC").default("UTC"),
  }),
  signIn: z.object({ email, password: knownPassword }),
  address: z.object({ email }),
  confirm: z.object({ token }),
  reset: z.object({ token, newPassword }),
  staffCode: z.object({ again: z.boolean().default(false) }),
  confirmStaff: z.object({
    code: z
      .string()
      .max(20)
      .transform((text) => text.replace(/\s/g, ""))
      .pipe(z.string().regex(/^\d{6}$/)),
  }),
  changePassword: z.object({ currentPassword: knownPassword, newPassword }),
};

/**
 * The request's JSON as a form.
 * @throws Refusal unsupported_media_type, malformed_request for what is not JSON, invalid_request naming the
 *   wrong fields.
 */
export async function readForm<T>(request: Request, form: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new Refusal("unsupported_media_type");
  }
  const body: unknown = await request.json().catch(() => {
    throw new Refusal("malformed_request");
  });
  const parsed = form.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refusal("invalid_request", { errors: fieldErrors(parsed.error) });
}
