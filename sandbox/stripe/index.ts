export {
  type Coming,
  type ConsoleCard,
  type ConsoleCharge,
  type ConsoleCustomer,
  type ConsoleEvent,
  type ConsoleState,
  stripeConsole,
} from "./console";
export { readConnection, type SandboxConnection } from "./running";
export { type SandboxOptions, type StripeSandbox, startStripeSandbox } from "./server";
export { startSiteSandbox } from "./site";
