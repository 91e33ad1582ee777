import { accessOffice } from "./admin-access";
import { acts } from "./admin-acts";
import { adjustmentsOffice } from "./admin-adjustments";
import { analyticsOffice } from "./admin-analytics";
import { announcementsOffice } from "./admin-announcements";
import { booksOffice } from "./admin-books";
import { codesOffice } from "./admin-codes";
import { customers } from "./admin-customers";
import { eventsOffice } from "./admin-events";
import { flagsOffice } from "./admin-flags";
import { giftsOffice } from "./admin-gifts";
import { jobsOffice } from "./admin-jobs";
import { ledgerOffice } from "./admin-ledger";
import { madeToolsOffice } from "./admin-made-tools";
import { mailsOffice } from "./admin-mails";
import { modelsOffice } from "./admin-models";
import { notes } from "./admin-notes";
import { operationsOffice } from "./admin-operations";
import { overviewOffice } from "./admin-overview";
import { planActsOffice } from "./admin-plan-acts";
import { plansOffice } from "./admin-plans";
import { promotionsOffice } from "./admin-promotions";
import { refundsOffice } from "./admin-refunds";
import { reportsOffice } from "./admin-reports";
import { retriesOffice } from "./admin-retries";
import { runsOffice } from "./admin-runs";
import { safetyOffice } from "./admin-safety";
import { staff } from "./admin-staff";
import { statusOffice } from "./admin-status";
import { toolSecretsOffice } from "./admin-tool-secrets";
import { toolsOffice } from "./admin-tools";
import { views } from "./admin-views";
import { welcomesOffice } from "./admin-welcomes";
import { newRouter } from "./router";
import { staffOnly } from "./staff";
import { viewingOffice } from "./viewing";

/** The back office's half of the API: for staff, by session only. */
const office = newRouter();
office.use("/admin/*", staffOnly);

export const admin = office
  .route("/", overviewOffice)
  .route("/", acts)
  .route("/", customers)
  .route("/", notes)
  .route("/", views)
  .route("/", staff)
  .route("/", statusOffice)
  .route("/", ledgerOffice)
  .route("/", adjustmentsOffice)
  .route("/", giftsOffice)
  .route("/", codesOffice)
  .route("/", promotionsOffice)
  .route("/", announcementsOffice)
  .route("/", flagsOffice)
  .route("/", accessOffice)
  .route("/", refundsOffice)
  .route("/", planActsOffice)
  .route("/", retriesOffice)
  .route("/", viewingOffice)
  .route("/", eventsOffice)
  .route("/", analyticsOffice)
  .route("/", booksOffice)
  .route("/", jobsOffice)
  .route("/", runsOffice)
  .route("/", operationsOffice)
  .route("/", mailsOffice)
  .route("/", plansOffice)
  .route("/", toolsOffice)
  .route("/", madeToolsOffice)
  .route("/", toolSecretsOffice)
  .route("/", safetyOffice)
  .route("/", reportsOffice)
  .route("/", welcomesOffice)
  .route("/", modelsOffice);
