import "#server-only";

export { api } from "./app";
