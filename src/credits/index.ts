import "#server-only";

export { refillFree } from "./refill";
export { carryDue, carryLater, type Rollover } from "./rollover";
export { creditTasks } from "./tasks";
