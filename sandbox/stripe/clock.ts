import type Stripe from "stripe";
import { doNext } from "./due";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { pages, text, whole } from "./params";
import type { Deleted } from "./records";
import type { World } from "./world";

/** Test clocks: customers that live by one see renewals when it is moved forward. */

const monthS = 30 * 86_400;

export const clockOperations: Operation[] = [
  operation(
    "POST",
    "/v1/test_helpers/test_clocks",
    { frozen_time: whole, name: text.optional() },
    (world, params) => {
      const clock = world.store.put("test_helpers.test_clock", {
        id: world.newId("clock"),
        object: "test_helpers.test_clock",
        created: world.now(),
        deletes_after: world.now() + monthS,
        frozen_time: params.frozen_time,
        livemode: false,
        name: params.name ?? null,
        status: "ready",
        status_details: {},
      });
      world.emit("test_helpers.test_clock.created", clock);
      return clock;
    },
  ),
  operation("GET", "/v1/test_helpers/test_clocks/:id", {}, (world, _params, id) =>
    world.require("test_helpers.test_clock", id),
  ),
  operation(
    "POST",
    "/v1/test_helpers/test_clocks/:id/advance",
    { frozen_time: whole },
    (world, { frozen_time }, id) => advanceClock(world, id, frozen_time),
  ),
  operation("DELETE", "/v1/test_helpers/test_clocks/:id", {}, (world, _params, id): Deleted => {
    const clock = world.require("test_helpers.test_clock", id);
    for (const customer of world.store.all("customer").filter(({ test_clock }) => test_clock === id)) {
      for (const { id: subscription } of world.store
        .all("subscription")
        .filter((found) => found.customer === customer.id)) {
        world.store.remove("subscription", subscription);
      }
      world.store.remove("customer", customer.id);
    }
    world.store.remove("test_helpers.test_clock", id);
    world.emit("test_helpers.test_clock.deleted", clock);
    return { id, object: "test_helpers.test_clock", deleted: true };
  }),
  operation("GET", "/v1/test_helpers/test_clocks", pages, (world, paging) =>
    listOf(world, "test_helpers.test_clock", paging, "/v1/test_helpers/test_clocks"),
  ),
];

/** Moves a clock forward; what falls due happens in its order, each at its time. */
function advanceClock(world: World, id: string, to: number): Stripe.TestHelpers.TestClock {
  const before = world.require("test_helpers.test_clock", id);
  if (to <= before.frozen_time) {
    throw invalid("The frozen_time must be after the current frozen_time of the test clock.", {
      param: "frozen_time",
    });
  }
  const advancing = world.store.put("test_helpers.test_clock", {
    ...before,
    status: "advancing",
    status_details: { advancing: { target_frozen_time: to } },
  });
  world.emit("test_helpers.test_clock.advancing", advancing);
  while (doNext(world, id, to)) {
    // Each step is a transaction of its own within this request's.
  }
  const ready = world.store.put("test_helpers.test_clock", {
    ...before,
    frozen_time: to,
    status: "ready",
    status_details: {},
  });
  world.emit("test_helpers.test_clock.ready", ready);
  return advancing;
}
