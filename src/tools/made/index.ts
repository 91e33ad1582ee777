/** Made tools as data, for pages that edit them. Pure; safe in a browser. */
export { type MadeDefinition, madeSchema, madeSlug } from "./definition";
export { type Fault, faultsOf } from "./faults";
export { type FieldControl, fileField, type MadeField } from "./field";
export { filesOf, inputOf } from "./form";
export { type HttpWork, pricedUnits } from "./http-work";
export { isFieldName } from "./parts";
export type { PromptWork, TableColumn } from "./prompt-work";
export { placeholdersRenamed } from "./template";
