import "#server-only";

export { addTools, codeTools } from "./catalog";
export { continuationOf, findContinuation } from "./continuation";
export type { Difference } from "./difference";
export {
  draftedTool,
  listDrafted,
  listUnpublished,
  makeTool,
  readToolSettings,
  saveDraft,
  type ToolSettings,
} from "./draft";
export { drawMade, estimateMade } from "./estimate";
export { type ToolFigures, toolFigures } from "./figures";
export type { FormField, Locale } from "./form";
export { parseInput, uploadIds } from "./input";
export { toolTasks } from "./jobs";
export { receiveCallback } from "./made/http-call";
export { addressFaults } from "./made/http-faults";
export { inputFileUrl, openInputFile } from "./made/http-file";
export { makeSecret, readSecret } from "./made/http-secret";
export type { ToolErrorCode } from "./names";
export { openOutput, readOutputText } from "./output";
export { type Owner, ownerOf } from "./owner";
export { type PriceLine, type PriceQuote, priceLabels } from "./price";
export { findTool, listOffered, listTools, toolOfRun } from "./published";
export { purgeFiles } from "./purge";
export { moveTool, publishDraft, restoreRevision, switchTool } from "./revision";
export { listRevisions, type RevisionView } from "./revision-history";
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
  readRun,
  requireOutput,
  requireRun,
  runErrorCodes,
  runStatuses,
  viewRun,
} from "./run";
export { cancelRun } from "./run-cancel";
export { announceRun } from "./run-end";
export { executeRun } from "./run-execute";
export { reapRuns } from "./run-reap";
export { cancelContinuations, removedCode, removeResult } from "./run-removal";
export { type Quote, quoteRun, retentionDays, startRun } from "./run-start";
export { followText, type TextPlace } from "./run-text";
export { executeTool, type ToolWork } from "./runner";
export { draftSchema, type ToolDraft, type ToolState } from "./settings";
export { type Period, periods, type Simulation, simulatePrice } from "./simulation";
export {
  checkFiles,
  fileLimits,
  findMissing,
  inputSchema,
  type LocalFile,
  type Tool,
  type ToolFile,
  type ToolOutput,
  type ToolResult,
  type ToolStep,
} from "./tool";
export { isToolErrorCode, ToolError } from "./tool-error";
export { type UnitPrice, unitPrice } from "./unit-price";
export { deleteUpload, openUpload, requireUpload, saveUpload, type Upload } from "./upload";
export { uploadLimits } from "./upload-limits";
export { adoptVisitorRuns } from "./visitor";
