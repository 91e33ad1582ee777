import "#server-only";

export { accountOf } from "./account";
export {
  type ApiKey,
  type Asked,
  changeKey,
  createKey,
  findKeyOwners,
  type KeyKind,
  listKeys,
  listKeysOf,
  type NewKey,
  requireKey,
  revokeKey,
  rotateKey,
} from "./api-key";
export {
  changeWelcomeRules,
  readWelcomeRules,
  type WelcomeRules,
  welcomeSignals,
} from "./brakes";
export { sendConfirmation } from "./confirmation-act";
export { type Credential, watchCredential } from "./credential";
export { handleAuth } from "./endpoints";
export { accountByMail, accountByName, type ExternalId, forgetExternalId, nameAccount } from "./external-id";
export { passwordLength } from "./forms";
export { createKeyCache, findKeyHolder, type KeyHolder } from "./key-cache";
export { keyPrefix } from "./key-secret";
export { mailboxOf } from "./mailbox";
export { Letter, plainLetter } from "./mails/letter";
export { type ProfileChange, profileSchema, updateProfile } from "./profile";
export { isRight, isStaff, mayRole, type Right, rights } from "./rights";
export { changeRole, hasOwner, listStaff, makeOwner, type Role, roles, type StaffMember } from "./role";
export { type Scope, scopes, serviceScopes } from "./scopes";
export {
  listSessions,
  readSession,
  requireSession,
  revokeSession,
  type Session,
  type SignedInDevice,
  type User,
  type Viewing,
} from "./session";
export { readSignUp } from "./sign-up-cookie";
export { confirmedDays } from "./staff-step";
export { createSuspendedAccounts, isSuspendedAccount } from "./suspended-accounts";
export { isSuspended, lockSuspended, lockUser, restore, signOutEverywhere, suspend } from "./suspension";
export { tasks } from "./tasks";
export { endViewing, startViewing, viewingMinutes } from "./viewing";
export { readVisitor, signVisitor } from "./visitor";
export {
  decideWelcome,
  findWithheldWelcome,
  listWelcomes,
  type WaitingWelcome,
  welcomeStates,
} from "./welcome-decision";
