import { z } from "zod";
import { answer, mostTokens } from "#models";
import { atMost, defineTool, fields, modelFault, type RunContext, type RunOutcome } from "#tools/define";
import { type languages, lengths, promptOf, type tones, type WriteInput } from "./write-prompt";

/** Writes, translates and rewrites with the language model that AI_BASE_URL serves. */

const maxCharacters = 8000;
const timeoutSeconds = 180;

const input = z.strictObject({
  mode: z
    .enum(["write", "translate", "rewrite"])
    .default("write")
    .register(fields, {
      label: { en: "What to do", zh: "任务" },
      options: {
        write: { en: "Write something new", zh: "撰写新内容" },
        translate: { en: "Translate a text", zh: "翻译文本" },
        rewrite: { en: "Rewrite a text", zh: "改写文本" },
      },
    }),
  text: z
    .string()
    .trim()
    .min(1)
    .max(maxCharacters)
    .register(fields, {
      label: { en: "Text", zh: "文本" },
      help: {
        en: "What to write about, or the text to translate or rewrite.",
        zh: "要撰写的内容说明，或需要翻译、改写的文本。",
      },
      placeholder: {
        en: "A product description for hand-made rye bread…",
        zh: "为手工黑麦面包写一段产品介绍……",
      },
      long: true,
    }),
  language: z
    .enum(["en", "zh", "ja", "ko", "es", "fr", "de"] satisfies (keyof typeof languages)[])
    .default("en")
    .register(fields, {
      label: { en: "Into", zh: "目标语言" },
      shownWhen: { field: "mode", values: ["translate"] },
      options: {
        en: { en: "English", zh: "英文" },
        zh: { en: "Chinese (simplified)", zh: "简体中文" },
        ja: { en: "Japanese", zh: "日文" },
        ko: { en: "Korean", zh: "韩文" },
        es: { en: "Spanish", zh: "西班牙文" },
        fr: { en: "French", zh: "法文" },
        de: { en: "German", zh: "德文" },
      },
    }),
  tone: z
    .enum(["neutral", "friendly", "formal", "persuasive"] satisfies (keyof typeof tones)[])
    .default("neutral")
    .register(fields, {
      label: { en: "Tone", zh: "语气" },
      shownWhen: { field: "mode", values: ["write", "rewrite"] },
      options: {
        neutral: { en: "Neutral", zh: "中性" },
        friendly: { en: "Friendly", zh: "亲切" },
        formal: { en: "Formal", zh: "正式" },
        persuasive: { en: "Persuasive", zh: "有说服力" },
      },
    }),
  length: z
    .enum(["short", "medium", "long"])
    .default("medium")
    .register(fields, {
      label: { en: "Length", zh: "篇幅" },
      shownWhen: { field: "mode", values: ["write"] },
      options: {
        short: { en: "Short, about 100 words", zh: "短，约 100 词" },
        medium: { en: "Medium, about 300 words", zh: "中，约 300 词" },
        long: { en: "Long, about 800 words", zh: "长，约 800 词" },
      },
    }),
});

export const write = defineTool({
  slug: "write",
  category: "text",
  icon: "pen-line",
  texts: {
    en: {
      name: "Write, translate, rewrite",
      summary: "Drafts, translations and better wording from a language model, as it writes.",
      description:
        "Describe a text to have it written, or paste one to have it translated or put better. " +
        "The answer appears as it is written; cancel when you have enough, and only that much is charged. " +
        "Check facts before you publish them.",
      takes: "Text",
      gives: "Text",
    },
    zh: {
      name: "写作、翻译与改写",
      summary: "由大语言模型撰写、翻译和润色，边写边看。",
      description:
        "描述想要的内容即可成文，也可以粘贴文本进行翻译或润色。" +
        "内容边写边显示；够用时可以取消，只按已生成的部分收费。发布前请核对事实。",
      takes: "文本",
      gives: "文本",
    },
  },
  input,
  files: null,
  process: "worker",
  limits: { timeoutSeconds, memoryMb: 64 },
  streaming: true,
  examples: [
    {
      title: { en: "Describe a product", zh: "撰写产品介绍" },
      input: {
        mode: "write",
        length: "short",
        tone: "friendly",
        text: "A product description for hand-made rye bread, baked every morning on Garden Street.",
      },
      samples: [],
    },
    {
      title: { en: "Translate a note", zh: "翻译通知" },
      input: {
        mode: "translate",
        language: "en",
        text: "花园街面包店将于四月一日开设第二家分店，欢迎光临。",
      },
      samples: [],
    },
    {
      title: { en: "Make a mail polite", zh: "让邮件更得体" },
      input: {
        mode: "rewrite",
        tone: "formal",
        text: "hi, you still havent sent the invoice, need it by friday",
      },
      samples: [],
    },
  ],
  price: atMost({ inputTokens: 1, outputTokens: 4, minimum: 1 }, (input: WriteInput) => {
    const { system, prompt } = promptOf(input);
    return { inputTokens: mostTokens(system + prompt), outputTokens: maxOutputTokens(input) };
  }),
  needs: "text",
  run: stream,
});

/** What the model is allowed to answer, and so what is held: a translation is about as long as its text. */
function maxOutputTokens({ mode, text, length }: WriteInput): number {
  return mode === "write" ? lengths[length].tokens : Math.ceil(mostTokens(text) * 1.5) + 100;
}

/** A customer who cancels gets, and pays, what was written so far. */
async function stream(context: RunContext<WriteInput>): Promise<RunOutcome> {
  const { input, signal, onProgress, onText } = context;
  const { system, prompt } = promptOf(input);
  onProgress(0, "writing");
  const { text, usage, use } = await answer({
    ...{ system, messages: [{ role: "user", content: prompt }], signal, onText },
    ...{ maxOutputTokens: maxOutputTokens(input), mostSeconds: timeoutSeconds },
  }).catch((error: unknown) => {
    throw modelFault(error);
  });
  return {
    outputs: [{ name: `${input.mode}.md`, mediaType: "text/markdown", text }],
    usage: { units: { ...usage } },
    model: use,
    facts: { ...usage },
  };
}
