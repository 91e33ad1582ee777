/** What the browser knows of the API: types only, nothing of this module reaches a bundle. */
import type { z } from "@hono/zod-openapi";
import type { api } from "./app";
import type { problemSchema } from "./problem";

export type Api = typeof api;
export type Problem = z.infer<typeof problemSchema>;
export type { AccessJson } from "./admin-access";
export type { ActJson } from "./admin-acts";
export type { AdjustmentJson } from "./admin-adjustments";
export type { AnalyticsScopeJson, CohortsJson, MetricJson } from "./admin-analytics";
export type { AnnouncementJson, AnnouncementPreviewJson } from "./admin-announcements";
export type { BookLineJson, BookTotalJson } from "./admin-books";
export type { CodeBatchJson, MadeCodesJson } from "./admin-codes";
export type { CustomerJson } from "./admin-customers";
export type { EventJson, EventPayloadJson } from "./admin-events";
export type { FlagJson } from "./admin-flags";
export type { GiftJson, GiftNowJson, GiftPreviewJson } from "./admin-gifts";
export type { JobJson, JobsJson, SchedulesJson } from "./admin-jobs";
export type { MoneyViewJson, ReconciliationJson, ReconciliationSummaryJson } from "./admin-ledger";
export type { ToolCheckJson } from "./admin-made-tools";
export type { MailJson, MailTextJson } from "./admin-mails";
export type { ModelJson, ProviderJson, ProviderTestJson } from "./admin-models";
export type { NoteJson } from "./admin-notes";
export type { DependencyJson, RefusedHourJson, StoredFilesJson } from "./admin-operations";
export type { NeedJson, TodayJson } from "./admin-overview";
export type { PlanStandingJson } from "./admin-plan-acts";
export type { CatalogueOfficeJson } from "./admin-plans";
export type { PromotionJson } from "./admin-promotions";
export type { RefundJson, RefundPreviewJson } from "./admin-refunds";
export type { OfficeReportJson, ReportedResultJson } from "./admin-reports";
export type { RetryPreviewJson } from "./admin-retries";
export type { OfficeRunJson } from "./admin-runs";
export type { ContentRefusalJson, SafetyJson } from "./admin-safety";
export type { StaffMemberJson } from "./admin-staff";
export type { IncidentJson } from "./admin-status";
export type { ToolSecretJson } from "./admin-tool-secrets";
export type { SimulationJson } from "./admin-tools";
export type { ViewJson } from "./admin-views";
export type { WelcomeJson, WelcomeRulesJson } from "./admin-welcomes";
export type { NewsJson } from "./announcements";
export type { BalanceJson, HoldJson } from "./balance";
export type {
  BillingJson,
  CheckoutJson,
  CheckoutRequest,
  InvoiceJson,
  InvoicePageJson,
  PlanChangeJson,
  PlanChangePreviewJson,
  PlanChangeRequest,
  PortalRequest,
  RedirectJson,
  TopUpChange,
} from "./billing-schemas";
export type { EntryJson, EntrySumsJson, UsageJson } from "./entries";
export type { KeyJson } from "./keys";
export type { MeJson, SessionJson } from "./me";
export type { RedemptionJson } from "./redemptions";
export type { ReportJson } from "./reports";
export type { RunJson } from "./run-json";
export type { StripeOutcomeJson } from "./stripe-outcome";
export type { QuoteJson, ToolJson } from "./tool-json";
export type { TraceJson } from "./traces";
export type { MailChoicesJson } from "./unsubscribe";
export type { UploadJson } from "./upload-json";
