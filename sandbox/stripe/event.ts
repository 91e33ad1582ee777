import { z } from "zod";
import { listOf, type Operation, operation } from "./operation";
import { created, flag, isWithin, pages, text } from "./params";

export const eventOperations: Operation[] = [
  operation("GET", "/v1/events/:id", {}, (world, _params, id) => world.require("event", id)),
  operation(
    "GET",
    "/v1/events",
    {
      ...pages,
      ...created,
      delivery_success: flag.optional(),
      type: text.optional(),
      types: z.array(text).optional(),
    },
    (world, { type, types, delivery_success, created, ...paging }) =>
      listOf(
        world,
        "event",
        paging,
        "/v1/events",
        (event) =>
          (type === undefined || matches(type, event.type)) &&
          (types === undefined || types.some((wanted) => matches(wanted, event.type))) &&
          (delivery_success === undefined || (event.pending_webhooks === 0) === delivery_success) &&
          isWithin(event.created, created),
      ),
  ),
];

/** `customer.*` stands for everything that begins with `customer.`. */
function matches(wanted: string, type: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}
