import "#server-only";

export { accountOf } from "./account";
export { handleAuth } from "./endpoints";
export { type ProfileChange, profileSchema, updateProfile } from "./profile";
export { grantRole, hasOwner, makeOwner, type Role, roles } from "./role";
export {
  listSessions,
  readSession,
  requireSession,
  revokeSession,
  type Session,
  type SignedInDevice,
  type User,
} from "./session";
export { readVisitor, signVisitor } from "./visitor";
