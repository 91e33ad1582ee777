import "#server-only";

export { accountOf } from "./account";
export { ownOrigins } from "./auth";
export { handleAuth } from "./endpoints";
export { passwordLength } from "./forms";
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
export { readSignUp } from "./sign-up-cookie";
export { tasks } from "./tasks";
export { readVisitor, signVisitor } from "./visitor";
