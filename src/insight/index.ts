import "#server-only";

export { type CustomerAccess, readCustomerAccess } from "./access";
export { type ActFilter, type ActView, eachAct, listActs } from "./acts";
export {
  type BookFilter,
  type BookLine,
  type BookName,
  bookKinds,
  bookNames,
  bookStates,
  eachLine,
  listBook,
  totalBook,
} from "./books";
export { startCollecting } from "./collection";
export { asksConsent, choiceCookie, choiceOf, connectedServices } from "./consent";
export { type CustomerFilter, filterFlags, filterStatuses } from "./customer-filter";
export { type Customer, eachCustomer, findCustomer, listCustomers } from "./customers";
export { flushEvents } from "./event-buffer";
export { readStored } from "./files";
export { dependencyNames, readHealth, reasonOf, testDependency } from "./health";
export { incidentStates, openIncident, updateIncident } from "./incident";
export { losses } from "./job-loss";
export { countJobs, discardJob, type JobView, jobStates, listJobs, retryJob } from "./jobs";
export { listRefused } from "./limits";
export { listMails, type MailView, mailStatuses, readMail, sendAgain } from "./mails";
export { findLotPayment, type Money, moneySchema, readMoney } from "./money";
export { type NamedNeed, needNames, readNeeds } from "./needs";
export { changeNote, deleteNote, listNotes, type Note, writeNote } from "./notes";
export {
  type CustomerPayment,
  type CustomerPlan,
  listPayments,
  readCustomerPlan,
} from "./payments";
export { parts } from "./probe";
export {
  lastReconciliations,
  listReconciliations,
  type Reconciliation,
  type ReconciliationSummary,
  reconcileNow,
  requestReconciliation,
} from "./reconciliation";
export { startKeepingResponses } from "./response-store";
export { listOfficeRuns } from "./runs";
export { listSchedules } from "./schedules";
export { readMetrics } from "./scrape";
export { segmentOf } from "./segment";
export { type Incident, listIncidents, type PartStatus, readStatus, type Status } from "./status";
export { tasks } from "./tasks";
export { type Happening, type HappeningKind, readTimeline } from "./timeline";
export { type Days, readToday, type Span } from "./today";
export { trackPayment, trackToolUsage, trackUserAction, type UserAction, type Who } from "./track";
export { changeView, deleteView, listViews, saveView, type View } from "./views";
export { arrivalOf, countryOf, pagePath } from "./visit";
