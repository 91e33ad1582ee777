import "#server-only";

export { answer } from "./answer";
export { type ModelUse, sumOfUses } from "./cost";
export { type Drawing, draw } from "./draw";
export { ModelError, ModelsBusy } from "./error";
export { estimateCost } from "./estimate";
export { hasModel, type ModelKind, modelKinds } from "./model";
export { moderate } from "./moderate";
export { type Protocol, protocols } from "./protocol";
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
  testKept,
  testProvider,
} from "./provider";
export { freeSeats } from "./seat";
export { mostImageTokens, mostTokens } from "./tokens";
