import "#server-only";

export { seedPrices } from "./price";
