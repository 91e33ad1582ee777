import { z } from "zod";
import { invalid } from "./failure";
import type { Form } from "./form";
import { type pages, readParams } from "./params";
import type { Kind, Records } from "./records";
import type { World } from "./world";

/** One request of the API: its method, address and parameters, and what it does. */
export type Operation = {
  method: "GET" | "POST" | "DELETE";
  /** With `:id` where an id stands. */
  path: string;
  run(world: World, form: Form, ids: string[]): object;
};

const expand = { expand: z.array(z.string()).optional() };

/** Defines an operation; `shape` lists every parameter it takes, besides `expand`. */
export function operation<S extends z.ZodRawShape>(
  method: Operation["method"],
  path: string,
  shape: S,
  run: (world: World, params: z.output<z.ZodObject<S, z.core.$strict>>, id: string, second: string) => object,
): Operation {
  return {
    method,
    path,
    run: (world, form, [id = "", second = ""]) => {
      const { expand: _, ...given } = form;
      readParams(expand, _ === undefined ? {} : { expand: _ });
      return run(world, readParams(shape, given), id, second);
    },
  };
}

type Paging = { [K in keyof typeof pages]?: z.output<(typeof pages)[K]> };

/** A page of records, newest first. */
export function listOf<K extends Kind>(
  world: World,
  kind: K,
  paging: Paging,
  url: string,
  accepts: (record: Records[K]) => boolean = () => true,
) {
  const matching = world.store.all(kind).filter(accepts).reverse();
  return pageOf(matching, paging, url);
}

/** A page of any list of objects with ids. */
export function pageOf<T extends { id: string }>(
  matching: T[],
  { limit = 10, starting_after, ending_before }: Paging,
  url: string,
) {
  let from = 0;
  let to = limit;
  if (starting_after) {
    from = indexOf(matching, starting_after, "starting_after") + 1;
    to = from + limit;
  } else if (ending_before) {
    to = indexOf(matching, ending_before, "ending_before");
    from = Math.max(0, to - limit);
  }
  const has_more = ending_before ? from > 0 : to < matching.length;
  return { object: "list" as const, data: matching.slice(from, to), has_more, url };
}

function indexOf(records: { id: string }[], id: string, param: string): number {
  const index = records.findIndex((record) => record.id === id);
  if (index < 0) throw invalid(`No such object: '${id}'`, { code: "resource_missing", param });
  return index;
}
