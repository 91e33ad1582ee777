import { invalid } from "./failure";
import type { World } from "./world";

/**
 * Expansion: an id in an answer is replaced by its object, and what Stripe leaves out of an object unless
 * asked for is put in.
 */

type Include = (world: World, object: { id: string }) => object | null;
/** By `object.property`: what is only there when it is asked for. */
export type Includes = Record<string, Include>;

const mostDeep = 4;

/** The answer with what `paths` name expanded. @throws StripeFailure for what cannot be */
export function expandAll(
  world: World,
  includes: Includes,
  answer: object,
  paths: readonly string[],
): unknown {
  return paths.reduce<unknown>((value, path) => {
    const steps = path.split(".");
    if (steps.filter((step) => step !== "data").length > mostDeep) {
      throw invalid(`You cannot expand more than ${mostDeep} levels of a property. Property: ${path}`, {
        code: "property_expansion_max_depth",
      });
    }
    return expandOne(world, includes, value, steps, path);
  }, answer);
}

function expandOne(world: World, includes: Includes, value: unknown, steps: string[], path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => expandOne(world, includes, item, steps, path));
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== "object" || value === null) return value;
  const found = Object.entries(value).find(([name]) => name === step)?.[1];
  const next = found === undefined ? included(world, includes, value, step, path) : objectOf(world, found);
  return { ...value, [step]: expandOne(world, includes, next, rest, path) };
}

function included(world: World, includes: Includes, value: object, step: string, path: string): unknown {
  const include = "object" in value ? includes[`${String(value.object)}.${step}`] : undefined;
  if (include && "id" in value && typeof value.id === "string") return include(world, { id: value.id });
  throw invalid(`This property cannot be expanded (${path}).`, { code: "property_expansion_not_allowed" });
}

/** Ids become objects; a deleted one its stub. */
function objectOf(world: World, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => objectOf(world, item));
  if (typeof value !== "string") return value;
  return world.store.find(value) ?? value;
}
