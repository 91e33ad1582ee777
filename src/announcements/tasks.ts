import type { Tasks } from "#platform/queue";
import { mailTask } from "./delivery";

/** The jobs of announcements. */
export const announcementTasks: Tasks = { system: { "announcements.mail": mailTask } };
