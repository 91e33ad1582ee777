import "#server-only";

export { accountOf } from "./account";
export { ownOrigins } from "./auth";
export { handleAuth } from "./endpoints";
export { passwordLength } from "./forms";
export { type ProfileChange, profileSchema, updateProfile } from "./profile";
export { isRight, isStaff, mayRole, type Right, rights } from "./rights";
export { changeRole, hasOwner, listStaff, makeOwner, type Role, roles, type StaffMember } from "./role";
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
