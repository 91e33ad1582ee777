import "#server-only";

export { answer } from "./answer";
export type { ModelUse } from "./cost";
export { ModelError } from "./error";
export { hasModel, type ModelKind, modelKinds } from "./model";
export {
  addModel,
  addProvider,
  archiveModel,
  archiveProvider,
  changeModel,
  changeProvider,
  listProviders,
  listServers,
  type ModelWish,
  type Provider,
  requireServer,
  testProvider,
} from "./provider";
export { mostTokens } from "./tokens";
