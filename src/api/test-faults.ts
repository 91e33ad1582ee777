import type { JsonSchema, Parameter } from "./test-document";

/** For this module's tests: everything that can be wrong with a request, made from what describes it. */

const nul = "a\u0000b";
const half = "half a face: \ud83d";
const long = "x".repeat(20_000);
const deep = JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`);

/** A wrong value, and what is wrong with it. */
export type Wrong = { what: string; value: unknown };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a path or a query cannot say, as it stands in the URL. */
export function wrongParameter({ in: where, name, schema }: Parameter): { what: string; text: string }[] {
  const never = ["%00", "%ff%fe", "a%00b", encodeURIComponent("💣'; drop table users; --".repeat(500))];
  const texts = where === "path" ? [...never, "nonsense", "..%2f..%2fetc", "%20"] : never;
  if (name === "cursor") {
    const forged = ["1:", "1:nonsense", "1:-1", "1:' or 1=1", "1:99999999999999999999", "2:x", "1:\0"];
    texts.push("nonsense", ...forged.map((key) => Buffer.from(key).toString("base64url")));
  }
  if (schema.enum) texts.push("nonsense", "");
  if (schema.type === "integer") texts.push("x", "-1", "0", "1.5", "1e9", "99999999999999999999", "NaN", "");
  if (schema.format === "date-time") {
    texts.push("yesterday", "2026-13-45T99:00:00Z", "2026-02-30T00:00:00Z", "-1", "");
  }
  if (schema.pattern) texts.push("nonsense%20and%20more");
  return texts.map((text) => ({ what: `${name}=${text.slice(0, 40)}`, text }));
}

/** What is not a value of this schema. */
function wrongValues(schema: JsonSchema): Wrong[] {
  const types = [schema.type].flat().map(text);
  const all: unknown[] = [deep];
  if (!types.includes("null")) all.push(null);
  if (!types.includes("object")) all.push({ a: 1 });
  if (!types.includes("array")) all.push([], ["x"]);
  if (!types.includes("boolean")) all.push(true);
  if (types.includes("string")) all.push(7, nul, half, ...wrongTexts(schema));
  else all.push("5", nul, half);
  if (types.includes("integer") || types.includes("number")) all.push(...wrongNumbers(schema));
  if (types.includes("array"))
    all.push(
      [nul],
      [null],
      [deep],
      Array.from({ length: 5_000 }, () => "x"),
    );
  return all.map((value) => ({ what: (JSON.stringify(value) ?? "").slice(0, 40), value }));
}

function wrongTexts({ maxLength, minLength, format, enum: values, pattern }: JsonSchema): string[] {
  const bounded = maxLength !== undefined || values || pattern;
  return [
    ...(bounded || format ? [long] : []),
    ...(minLength || values || format || pattern ? [""] : []),
    ...(values || format ? ["nonsense"] : []),
    ...(format === "date-time" ? ["2026-02-30T00:00:00Z", "2026-01-01"] : []),
  ];
}

function wrongNumbers({ minimum, maximum }: JsonSchema): number[] {
  return [
    1.5,
    Number.MAX_VALUE,
    2 ** 53,
    ...(typeof minimum === "number" ? [minimum - 1, -(2 ** 40)] : []),
    ...(typeof maximum === "number" ? [maximum + 1] : []),
  ];
}

/** Reads what a schema refers to. */
export type Resolve = (schema: JsonSchema) => JsonSchema;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function propertiesOf(schema: JsonSchema, resolve: Resolve): [name: string, schema: JsonSchema][] {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, one]) => (isSchema(one) ? [[name, resolve(one)]] : []));
}

/** Of a choice between schemas each. */
export function choicesOf(schema: JsonSchema, resolve: Resolve): JsonSchema[] {
  const choices = schema.oneOf ?? schema.anyOf;
  return Array.isArray(choices) ? choices.filter(isSchema).map(resolve) : [schema];
}

/** A value as the schema wants it. */
export function sampleOf(schema: JsonSchema, resolve: Resolve): unknown {
  const { type, enum: values, const: only, example, format, minimum, minLength } = schema;
  if (format === "date-time") return "2099-01-01T00:00:00.000Z";
  if (example !== undefined) return example;
  if (only !== undefined) return only;
  if (Array.isArray(values)) return values[0];
  const [choice] = choicesOf(schema, resolve);
  if (choice && choice !== schema) return sampleOf(choice, resolve);
  switch ([type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        propertiesOf(schema, resolve).map(([name, one]) => [name, sampleOf(one, resolve)]),
      );
    case "array":
      return isSchema(schema.items) ? [sampleOf(resolve(schema.items), resolve)] : [];
    case "boolean":
      return false;
    case "integer":
    case "number":
      return typeof minimum === "number" && minimum > 0 ? minimum : 1;
    default:
      if (format === "email") return "somebody@example.com";
      return "x".repeat(typeof minLength === "number" ? Math.max(minLength, 1) : 1);
  }
}

/** Bodies with one thing wrong each, the rest being as it should. */
export function wrongBodies(schema: JsonSchema, resolve: Resolve): Wrong[] {
  return choicesOf(schema, resolve).flatMap((choice) => {
    const sample = sampleOf(choice, resolve);
    if (!isSchema(sample)) return [];
    const required = Array.isArray(choice.required) ? choice.required.map(text) : [];
    const missing = required.map((name) => ({ what: `no ${name}`, value: { ...sample, [name]: undefined } }));
    const wrong = propertiesOf(choice, resolve).flatMap(([name, one]) =>
      wrongValues(one).map(({ what, value }) => ({
        what: `${name} ${what}`,
        value: { ...sample, [name]: value },
      })),
    );
    return [
      ...missing,
      ...wrong,
      ...[null, [], [sample], "text", 7].map((value) => ({ what: `${value}`, value })),
    ];
  });
}
