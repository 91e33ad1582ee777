import { checkAll, listEvents, replayEvent, syncCatalogue } from "#billing";
import { terminal } from "#platform/audit";
import { withDatabase } from "#platform/database-server";
import { Refusal } from "#platform/refusal";
import { counted, OperatorError } from "#platform/terminal";
import { connectPayments } from "./payments";

export const usage = "stripe sync|check|events|replay ID";
export const summary =
  "bring the catalogue to Stripe; compare our books with Stripe's and mend them; list events that failed; process one anew";

export async function run([verb = "", id]: readonly string[]): Promise<number> {
  const acts: Record<string, () => Promise<number>> = { sync, check, events, replay: () => replay(id) };
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined;
  if (!act) throw new OperatorError(`npm run ops -- ${usage}`);
  return withDatabase(() => act());
}

async function sync(): Promise<number> {
  await connectPayments();
  const { replaced, created, kept, failed, setAside } = await syncCatalogue();
  for (const key of replaced) console.log(`replaced  ${key}: new customers pay the new price`);
  for (const key of created) console.log(`created   ${key}`);
  for (const { lookupKey, error } of failed) console.log(`failed    ${lookupKey}: ${error}`);
  sayWhoWasSetAside(setAside);
  console.log(`${created.length} made in Stripe, ${kept} there already.`);
  return failed.length === 0 ? 0 : 1;
}

async function check(): Promise<number> {
  await connectPayments();
  const { customers, differences, setAside, unreached, unknown } = await checkAll();
  for (const difference of differences) console.log(JSON.stringify(difference));
  sayWhoWasSetAside(setAside);
  if (unreached > 0) {
    console.log(
      `${counted(unreached, "customer has", "customers have")} paid with real money, and STRIPE_SECRET_KEY is a test key: set the live one.`,
    );
  }
  if (unknown > 0) {
    console.log(
      `${counted(unknown, "customer of unknown mode is", "customers of unknown mode are")} not known to Stripe: are the keys of another account? They are left as they are.`,
    );
  }
  const unreachable = differences.filter(({ what }) => what === "unreachable").length;
  console.log(
    `${counted(customers, "customer")}: ${counted(differences.length - unreachable, "difference")} mended, ${unreachable} could not be looked at.`,
  );
  return differences.length === 0 && unreached === 0 ? 0 : 1;
}

function sayWhoWasSetAside(customers: number): void {
  if (customers === 0) return;
  console.log(
    `${counted(customers, "customer")} of Stripe's test mode set aside: their plans and invoices are gone, their credits stay.`,
  );
}

async function events(): Promise<number> {
  const { events: failed } = await listEvents({ status: "failed" }, { limit: 100 });
  for (const { id, type, attempts, error, receivedAt } of failed) {
    console.log(`${id}  ${receivedAt.toISOString()}  ${type}  ${attempts} attempts  ${error}`);
  }
  console.log(
    failed.length === 0 ? "No event was given up." : "Process one anew: npm run ops -- stripe replay ID",
  );
  return failed.length === 0 ? 0 : 1;
}

async function replay(id: string | undefined): Promise<number> {
  if (!id) throw new OperatorError("npm run ops -- stripe replay ID: say which event.");
  try {
    await replayEvent(id, terminal);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found")
      throw new OperatorError(`There is no event ${id}.`);
    throw error;
  }
  console.log(`${id} waits for the worker.`);
  return 0;
}
