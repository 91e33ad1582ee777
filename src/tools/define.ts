/** What the author of a tool needs, in one place: `import { defineTool, … } from "#tools/define"`. */
export { fields, type Localized } from "./form";
export { decoding, openImage, outputName } from "./image-file";
export { Interruption } from "./interruption";
export { atMost, exactly, fixed, type PriceRule, type Rates, type Units } from "./price";
export {
  defineTool,
  type LocalFile,
  type RunContext,
  type RunOutcome,
  type Tool,
  type ToolFile,
  type ToolOutput,
} from "./tool";
export { modelFault, ToolError } from "./tool-error";
