import "#server-only";

export { addTools, findTool, listTools } from "./catalog";
export type { FormField, Locale } from "./form";
export { parseInput, uploadIds } from "./input";
export { toolTasks } from "./jobs";
export { openOutput, readOutputText } from "./output";
export type { Owner } from "./owner";
export { type PriceLabel, type PriceLine, type PriceQuote, priceLabels } from "./price";
export { purgeFiles } from "./purge";
export {
  countRunning,
  eachRun,
  isOver,
  listLive,
  listRuns,
  medianSeconds,
  type Output,
  type Run,
  type RunFilter,
  type RunStatus,
  type RunView,
  requireOutput,
  requireRun,
  runErrorCodes,
  runStatuses,
  viewRun,
} from "./run";
export { cancelRun } from "./run-cancel";
export { executeRun } from "./run-execute";
export { reapRuns } from "./run-reap";
export { type Quote, quoteRun, retentionDays, startRun } from "./run-start";
export { followText, type TextPlace } from "./run-text";
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
export { type UnitPrice, unitPrice } from "./unit-price";
export { deleteUpload, openUpload, requireUpload, saveUpload, type Upload } from "./upload";
export { uploadLimits } from "./upload-limits";
export { adoptVisitorRuns } from "./visitor";
