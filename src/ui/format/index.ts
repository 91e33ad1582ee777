/** How figures, dates and sizes read in a language and a time zone. Pure; for server and browser. */
export { type Count, type Formats, formats, type Moment, minorPlaces } from "./formats";
export { parseMinor } from "./minor";
export { readCount, readMinor, readNumber, readWhole } from "./number";
export { type Wait, waitOf } from "./wait";
export { addDays, dayOf, daysBetween, endOfDay, isDay, startOfDay } from "./zone-day";
