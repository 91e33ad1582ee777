import "#server-only";

export {
  type ContentCheck,
  type ContentRefusal,
  openCheck,
  recordRefusal,
  type Stage,
  shownCharacters,
} from "./check";
export { countSafety, listRefusals, type RefusedRun, type SafetyCounts } from "./refusals";
export { changeSafetyRules, readSafetyRules, type SafetyRules } from "./settings";
export { findPhrase, longestPhrase, mostPhrases, phrasesOf, readWordList } from "./word-list";
