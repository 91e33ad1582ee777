import "#server-only";

export { addTools, findTool, listTools } from "./catalog";
export type { FormField, Locale } from "./form";
export { parseInput, uploadIds } from "./input";
export type { Owner } from "./owner";
export type { PriceLine, PriceQuote } from "./price";
export { executeTool, type ToolWork } from "./runner";
export {
  checkFiles,
  inputSchema,
  type LocalFile,
  type Tool,
  type ToolFile,
  type ToolOutput,
  type ToolResult,
  type ToolStep,
} from "./tool";
export { isToolErrorCode, ToolError, type ToolErrorCode } from "./tool-error";
export { deleteUpload, openUpload, requireUpload, saveUpload, type Upload } from "./upload";
export { uploadLimits } from "./upload-limits";
