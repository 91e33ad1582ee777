import enAccount from "./en/account.json";
import enAuth from "./en/auth.json";
import enBilling from "./en/billing.json";
import enBillingMails from "./en/billingMails.json";
import enCommon from "./en/common.json";
import enConsent from "./en/consent.json";
import enCredits from "./en/credits.json";
import enDashboard from "./en/dashboard.json";
import enDev from "./en/dev.json";
import enDevUi from "./en/devUi.json";
import enDocs from "./en/docs.json";
import enKeys from "./en/keys.json";
import enLanding from "./en/landing.json";
import enLegal from "./en/legal.json";
import enMails from "./en/mails.json";
import enOffice from "./en/office.json";
import enOfficeActs from "./en/officeActs.json";
import enOfficeAnalytics from "./en/officeAnalytics.json";
import enOfficeAnnouncements from "./en/officeAnnouncements.json";
import enOfficeCodes from "./en/officeCodes.json";
import enOfficeCustomers from "./en/officeCustomers.json";
import enOfficeFlags from "./en/officeFlags.json";
import enOfficeGifts from "./en/officeGifts.json";
import enOfficeMade from "./en/officeMade.json";
import enOfficeMetrics from "./en/officeMetrics.json";
import enOfficeModels from "./en/officeModels.json";
import enOfficeOperations from "./en/officeOperations.json";
import enOfficeOverview from "./en/officeOverview.json";
import enOfficePayments from "./en/officePayments.json";
import enOfficePlans from "./en/officePlans.json";
import enOfficeReports from "./en/officeReports.json";
import enOfficeSafety from "./en/officeSafety.json";
import enOfficeStatus from "./en/officeStatus.json";
import enOfficeTools from "./en/officeTools.json";
import enOfficeWelcomes from "./en/officeWelcomes.json";
import enPricing from "./en/pricing.json";
import enProblems from "./en/problems.json";
import enRuns from "./en/runs.json";
import enShell from "./en/shell.json";
import enStatus from "./en/status.json";
import enToolErrors from "./en/toolErrors.json";
import enToolFacts from "./en/toolFacts.json";
import enToolSteps from "./en/toolSteps.json";
import enTools from "./en/tools.json";
import type { Locale } from "./locale";
import zhAccount from "./zh/account.json";
import zhAuth from "./zh/auth.json";
import zhBilling from "./zh/billing.json";
import zhBillingMails from "./zh/billingMails.json";
import zhCommon from "./zh/common.json";
import zhConsent from "./zh/consent.json";
import zhCredits from "./zh/credits.json";
import zhDashboard from "./zh/dashboard.json";
import zhDev from "./zh/dev.json";
import zhDevUi from "./zh/devUi.json";
import zhDocs from "./zh/docs.json";
import zhKeys from "./zh/keys.json";
import zhLanding from "./zh/landing.json";
import zhLegal from "./zh/legal.json";
import zhMails from "./zh/mails.json";
import zhOffice from "./zh/office.json";
import zhOfficeActs from "./zh/officeActs.json";
import zhOfficeAnalytics from "./zh/officeAnalytics.json";
import zhOfficeAnnouncements from "./zh/officeAnnouncements.json";
import zhOfficeCodes from "./zh/officeCodes.json";
import zhOfficeCustomers from "./zh/officeCustomers.json";
import zhOfficeFlags from "./zh/officeFlags.json";
import zhOfficeGifts from "./zh/officeGifts.json";
import zhOfficeMade from "./zh/officeMade.json";
import zhOfficeMetrics from "./zh/officeMetrics.json";
import zhOfficeModels from "./zh/officeModels.json";
import zhOfficeOperations from "./zh/officeOperations.json";
import zhOfficeOverview from "./zh/officeOverview.json";
import zhOfficePayments from "./zh/officePayments.json";
import zhOfficePlans from "./zh/officePlans.json";
import zhOfficeReports from "./zh/officeReports.json";
import zhOfficeSafety from "./zh/officeSafety.json";
import zhOfficeStatus from "./zh/officeStatus.json";
import zhOfficeTools from "./zh/officeTools.json";
import zhOfficeWelcomes from "./zh/officeWelcomes.json";
import zhPricing from "./zh/pricing.json";
import zhProblems from "./zh/problems.json";
import zhRuns from "./zh/runs.json";
import zhShell from "./zh/shell.json";
import zhStatus from "./zh/status.json";
import zhToolErrors from "./zh/toolErrors.json";
import zhToolFacts from "./zh/toolFacts.json";
import zhToolSteps from "./zh/toolSteps.json";
import zhTools from "./zh/tools.json";

/** One file per area and language. A test keeps keys and arguments of both languages the same. */
const en = {
  common: enCommon,
  shell: enShell,
  auth: enAuth,
  account: enAccount,
  tools: enTools,
  toolFacts: enToolFacts,
  toolSteps: enToolSteps,
  runs: enRuns,
  consent: enConsent,
  officeStatus: enOfficeStatus,
  status: enStatus,
  credits: enCredits,
  dashboard: enDashboard,
  billing: enBilling,
  keys: enKeys,
  landing: enLanding,
  pricing: enPricing,
  legal: enLegal,
  docs: enDocs,
  toolErrors: enToolErrors,
  office: enOffice,
  officeTools: enOfficeTools,
  officeAnnouncements: enOfficeAnnouncements,
  officeCodes: enOfficeCodes,
  officeCustomers: enOfficeCustomers,
  officeAnalytics: enOfficeAnalytics,
  officeFlags: enOfficeFlags,
  officeGifts: enOfficeGifts,
  officeMetrics: enOfficeMetrics,
  officeMade: enOfficeMade,
  officeModels: enOfficeModels,
  officeOperations: enOfficeOperations,
  officeOverview: enOfficeOverview,
  officeActs: enOfficeActs,
  officePayments: enOfficePayments,
  officePlans: enOfficePlans,
  officeReports: enOfficeReports,
  officeSafety: enOfficeSafety,
  officeWelcomes: enOfficeWelcomes,
  problems: enProblems,
  mails: enMails,
  billingMails: enBillingMails,
  devUi: enDevUi,
  dev: enDev,
};

const zh: Messages = {
  common: zhCommon,
  shell: zhShell,
  auth: zhAuth,
  account: zhAccount,
  tools: zhTools,
  toolFacts: zhToolFacts,
  toolSteps: zhToolSteps,
  runs: zhRuns,
  consent: zhConsent,
  officeStatus: zhOfficeStatus,
  status: zhStatus,
  credits: zhCredits,
  dashboard: zhDashboard,
  billing: zhBilling,
  keys: zhKeys,
  landing: zhLanding,
  pricing: zhPricing,
  legal: zhLegal,
  docs: zhDocs,
  toolErrors: zhToolErrors,
  office: zhOffice,
  officeTools: zhOfficeTools,
  officeAnnouncements: zhOfficeAnnouncements,
  officeCodes: zhOfficeCodes,
  officeCustomers: zhOfficeCustomers,
  officeAnalytics: zhOfficeAnalytics,
  officeFlags: zhOfficeFlags,
  officeGifts: zhOfficeGifts,
  officeMetrics: zhOfficeMetrics,
  officeMade: zhOfficeMade,
  officeModels: zhOfficeModels,
  officeOperations: zhOfficeOperations,
  officeOverview: zhOfficeOverview,
  officeActs: zhOfficeActs,
  officePayments: zhOfficePayments,
  officePlans: zhOfficePlans,
  officeReports: zhOfficeReports,
  officeSafety: zhOfficeSafety,
  officeWelcomes: zhOfficeWelcomes,
  problems: zhProblems,
  mails: zhMails,
  billingMails: zhBillingMails,
  devUi: zhDevUi,
  dev: zhDev,
};

/**
 * English decides what exists. What tools say by code (errors, steps, facts) is not known here, so those
 * namespaces take any key; ask `t.has(code)` first.
 */
export type Messages = Omit<typeof en, ByCode> & Record<ByCode, Record<string, string>>;
type ByCode = "toolErrors" | "toolSteps" | "toolFacts";

export const messages: Record<Locale, Messages> = { en, zh };
