import type Stripe from "stripe";
import { z } from "zod";
import { invalid } from "./failure";
import { listOf, type Operation, operation } from "./operation";
import { clearable, created, defined, flag, isWithin, mergeMetadata, metadata, pages, text } from "./params";
import type { Deleted } from "./records";
import { previousOf, type World } from "./world";

const changes = {
  active: flag.optional(),
  default_price: text.optional(),
  description: clearable(text).optional(),
  images: clearable(z.array(text)).optional(),
  marketing_features: clearable(z.array(z.strictObject({ name: text }))).optional(),
  metadata: metadata.optional(),
  name: text.optional(),
  shippable: flag.optional(),
  statement_descriptor: text.optional(),
  tax_code: clearable(text).optional(),
  unit_label: clearable(text).optional(),
  url: clearable(text).optional(),
};
const creation = { ...changes, id: text.optional(), name: text };

export const productOperations: Operation[] = [
  operation("POST", "/v1/products", creation, (world, params) => createProduct(world, params)),
  operation(
    "GET",
    "/v1/products/:id",
    {},
    (world, _params, id) => world.store.get("deleted", id) ?? world.require("product", id),
  ),
  operation("POST", "/v1/products/:id", changes, (world, params, id) => updateProduct(world, id, params)),
  operation("DELETE", "/v1/products/:id", {}, (world, _params, id) => deleteProduct(world, id)),
  operation(
    "GET",
    "/v1/products",
    { ...pages, ...created, active: flag.optional(), ids: z.array(text).optional(), url: text.optional() },
    (world, { active, ids, url, created, ...paging }) =>
      listOf(
        world,
        "product",
        paging,
        "/v1/products",
        (product) =>
          (active === undefined || product.active === active) &&
          (ids === undefined || ids.includes(product.id)) &&
          (url === undefined || product.url === url) &&
          isWithin(product.created, created),
      ),
  ),
];

/** Makes a product. */
export function createProduct(world: World, params: z.output<z.ZodObject<typeof creation>>): Stripe.Product {
  const id = params.id ?? world.newId("prod", 14);
  if (world.store.get("product", id)) {
    throw invalid(`Product already exists.`, { code: "resource_already_exists", param: "id" });
  }
  const product: Stripe.Product = {
    id,
    object: "product",
    active: true,
    created: world.now(),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: params.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: world.now(),
    url: null,
  };
  const made = world.store.put("product", changed(product, params));
  world.emit("product.created", made);
  return made;
}

function updateProduct(
  world: World,
  id: string,
  params: z.output<z.ZodObject<typeof changes>>,
): Stripe.Product {
  const before = world.require("product", id);
  if (params.default_price) world.require("price", params.default_price, "default_price");
  const after = world.store.put("product", { ...changed(before, params), updated: world.now() });
  world.emit("product.updated", after, previousOf(before, after));
  return after;
}

function deleteProduct(world: World, id: string): Deleted {
  const product = world.require("product", id);
  if (world.store.all("price").some((price) => price.product === id)) {
    throw invalid("This product cannot be deleted because it has one or more user-created prices.");
  }
  world.store.remove("product", id);
  world.emit("product.deleted", product);
  return world.store.put("deleted", { id, object: "product", deleted: true });
}

function changed(product: Stripe.Product, params: z.output<z.ZodObject<typeof changes>>): Stripe.Product {
  const { images, marketing_features, metadata, ...plain } = params;
  return {
    ...product,
    ...defined(plain),
    images: images === undefined ? product.images : (images ?? []),
    marketing_features:
      marketing_features === undefined ? product.marketing_features : (marketing_features ?? []),
    metadata: mergeMetadata(product.metadata, metadata),
  };
}
