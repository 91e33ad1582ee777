import "#server-only";

export {
  type Announcement,
  type AnnouncementPreview,
  changeDraft,
  type Draft,
  discardDraft,
  listAnnouncements,
  previewAnnouncement,
  requireAnnouncement,
  saveDraft,
  sendAnnouncement,
  stopAnnouncement,
} from "./announcement";
export { dismissBanner, listTold, markRead, type Told } from "./inbox";
export { announcementTasks } from "./tasks";
