import "#server-only";

export { type ActFilter, type ActView, eachAct, listActs } from "./acts";
