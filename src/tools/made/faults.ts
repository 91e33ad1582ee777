import type { Locale, Localized } from "#tools/form";
import { unitNames } from "#tools/names";
import type { MadeDefinition } from "./definition";
import { fileField, type MadeField } from "./field";
import { inputOf } from "./form";
import type { HttpWork } from "./http-work";
import type { PromptWork } from "./prompt-work";
import { placeholders } from "./template";

/** What does not fit together in a definition whose parts are each right. Pure; safe in a browser. */

const sentences = {
  twice: { en: "This name is used twice.", zh: "名称重复。" },
  reserved: { en: "This name is taken by the form itself.", zh: "该名称由表单保留。" },
  oneFileField: { en: "A tool has one field for files at most.", zh: "一个工具最多只能有一个文件字段。" },
  bounds: { en: "The smallest is above the largest.", zh: "最小值大于最大值。" },
  noField: { en: "No field is called {{name}}.", zh: "没有名为 {{name}} 的字段。" },
  imageShown: {
    en: "{{name}} is a picture: the model is shown it, it has no place in the text.",
    zh: "{{name}} 是图片，会直接展示给模型，不能写进提示词。",
  },
  imagesNotShown: {
    en: "A model that draws is shown no pictures: leave out the field for images.",
    zh: "生成图片的模型不接收图片，请去掉图片字段。",
  },
  fileUnused: {
    en: "Neither prompt says where the text of {{name}} goes: write {{{name}}} there.",
    zh: "提示词中没有使用 {{name}} 的文字，请写入 {{{name}}}。",
  },
  priceOfImages: { en: "A price per image goes with images.", zh: "按图片计价只适用于输出图片。" },
  priceOfTokens: { en: "A price per token goes with text.", zh: "按 token 计价只适用于输出文字。" },
  goesOnInText: { en: "Only text can be gone on with.", zh: "只有文字结果可以继续对话。" },
  unitPriceAndMost: {
    en: "{{name}} needs both a price and the most that a run may use.",
    zh: "{{name}} 需要同时填写单价和单次运行的最大用量。",
  },
  noUnit: { en: "At least one unit needs a price.", zh: "至少要为一个单位定价。" },
  example: { en: "The form would not take this example.", zh: "表单不接受这个示例。" },
} as const satisfies Record<string, Localized>;

/** Where, and in the words of one language, what is wrong. */
export type Fault = { path: string; message: string };

export function faultsOf(definition: MadeDefinition, locale: Locale): Fault[] {
  const say = (path: string, key: keyof typeof sentences, name = ""): Fault => ({
    path,
    message: sentences[key][locale].replaceAll("{{{name}}}", `{{${name}}}`).replaceAll("{{name}}", name),
  });
  const { fields, work } = definition;
  const ofFields = fields.flatMap((field, at) =>
    faultsOfField(field, fields.slice(0, at), `fields.${at}`, say),
  );
  const ofWork = work.kind === "prompt" ? faultsOfPrompt(fields, work, say) : faultsOfPrice(work.price, say);
  const faults = [...ofFields, ...ofWork];
  // An example is only as right as the form that it fills.
  return faults.length > 0 ? faults : faultsOfExamples(definition, say);
}

type Say = (path: string, key: keyof typeof sentences, name?: string) => Fault;

function faultsOfField(field: MadeField, before: readonly MadeField[], path: string, say: Say): Fault[] {
  const faults: Fault[] = [];
  if (before.some(({ name }) => name === field.name)) faults.push(say(`${path}.name`, "twice"));
  if (field.name === "turns") faults.push(say(`${path}.name`, "reserved"));
  if (fileField([field]) && fileField(before)) faults.push(say(`${path}.control`, "oneFileField"));
  if (field.control === "number" && (field.minimum ?? -Infinity) > (field.maximum ?? Infinity))
    faults.push(say(`${path}.minimum`, "bounds"));
  if (field.control === "choice") {
    for (const [at, { value }] of field.options.entries())
      if (field.options.findIndex((option) => option.value === value) < at)
        faults.push(say(`${path}.options.${at}.value`, "twice"));
  }
  return faults;
}

function faultsOfPrompt(fields: readonly MadeField[], work: PromptWork, say: Say): Fault[] {
  const faults: Fault[] = [];
  for (const part of ["system", "prompt"] as const) {
    for (const name of placeholders(work[part])) {
      const field = fields.find((each) => each.name === name);
      if (!field) faults.push(say(`work.${part}`, "noField", name));
      else if (field.control === "image") faults.push(say(`work.${part}`, "imageShown", name));
    }
  }
  const files = fileField(fields);
  const { output, price, continues } = work;
  const used = placeholders(work.system + work.prompt);
  if (files?.control === "file" && !used.includes(files.name))
    faults.push(say("work.prompt", "fileUnused", files.name));
  const draws = output.kind === "image";
  if (draws && files?.control === "image") faults.push(say("work.output.kind", "imagesNotShown"));
  if (price.kind === "images" && !draws) faults.push(say("work.price.kind", "priceOfImages"));
  if (price.kind === "tokens" && draws) faults.push(say("work.price.kind", "priceOfTokens"));
  if (price.kind === "tokens" && price.minimum > price.maximum)
    faults.push(say("work.price.minimum", "bounds"));
  if (continues && output.kind !== "text" && output.kind !== "markdown")
    faults.push(say("work.continues", "goesOnInText"));
  if (output.kind === "table") {
    for (const [at, { name }] of output.columns.entries())
      if (output.columns.findIndex((column) => column.name === name) < at)
        faults.push(say(`work.output.columns.${at}.name`, "twice"));
  }
  return faults;
}

function faultsOfPrice(price: HttpWork["price"], say: Say): Fault[] {
  if (price.kind === "fixed") return [];
  const { rates, most } = price;
  const half = unitNames.filter((unit) => (rates[unit] === undefined) !== (most[unit] === undefined));
  const faults = half.map((unit) => say(`work.price.most.${unit}`, "unitPriceAndMost", unit));
  return Object.keys(rates).length === 0 ? [...faults, say("work.price.rates", "noUnit")] : faults;
}

function faultsOfExamples(definition: MadeDefinition, say: Say): Fault[] {
  const files = fileField(definition.fields);
  // Examples name no files: the customer adds them.
  const stand = files ? { [files.name]: ["upl_00000000000000000000000000"] } : {};
  const input = inputOf(definition);
  return definition.examples.flatMap((example, at) =>
    input.safeParse({ ...example.input, ...stand }).success ? [] : [say(`examples.${at}.input`, "example")],
  );
}
