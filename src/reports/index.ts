import "#server-only";

export {
  decideReport,
  listReports,
  lookAtResult,
  type OfficeReport,
  type ReportedResult,
  reportStates,
  requireReported,
} from "./decision";
export { findReport, type Report, type ReportReason, reportReasons, reportResult } from "./report";
