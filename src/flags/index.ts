import "#server-only";

export { deleteFlag, type FlagView, flagsOf, isOn, listFlags, type NewFlag, saveFlag } from "./flag";
