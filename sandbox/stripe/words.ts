import type { World } from "./world";

/** The words of the sandbox's own pages. */

const en = {
  sandbox: "SANDBOX · no real money moves",
  pay: (amount: string) => `Pay ${amount}`,
  subscribe: "Subscribe",
  startTrial: "Start trial",
  saveCard: "Save card",
  email: "Email",
  card: "Card number",
  expiry: "Expiry (MM / YY)",
  cvc: "CVC",
  name: "Name on card",
  country: "Country",
  savedCards: "Pay with",
  newCard: "Another card",
  testCards: "Test cards",
  use: "Use",
  back: "Back",
  promotion: "Promotion code",
  apply: "Apply",
  wrongCode: "This code is not valid here.",
  subtotal: "Subtotal",
  discount: "Discount",
  dueToday: "Due today",
  afterwards: (amount: string, every: string) => `, then ${amount} / ${every}`,
  trialUntil: (date: string) => `Free until ${date}`,
  each: (amount: string, quantity: number) => `${quantity} × ${amount}`,
  month: "month",
  year: "year",
  week: "week",
  day: "day",
  setupTitle: "Save a card for later",
  gone: "This page is no longer open",
  goneText: "It was paid, or it has expired. Go back to the site and begin again.",
  required: "Fill this in.",
  challengeTitle: "Your bank asks you to confirm",
  challengeText: "This is the 3-D Secure page of a test card. Decide how it goes.",
  complete: "Complete",
  fail: "Fail",
  done: "Done. You can close this page.",
  notDone: "It was refused. You can close this page.",
  invoice: "Invoice",
  invoiceStatuses: {
    draft: "In preparation",
    open: "Open",
    paid: "Paid",
    uncollectible: "Uncollectible",
    void: "Void",
  },
  billedTo: (name: string) => `Billed to: ${name}`,
  date: "Date",
  total: "Total",
  amountDue: "Amount due",
  amountPaid: "Amount paid",
  credit: "Credit used",
  download: "Download PDF",
  payInvoice: "Pay this invoice",
  portal: "Your billing",
  plan: "Plan",
  noPlan: "No subscription.",
  renews: (date: string) => `Renews on ${date}`,
  ends: (date: string) => `Ends on ${date}`,
  ended: (date: string) => `Ended on ${date}`,
  cancelPlan: "Cancel at the period's end",
  resumePlan: "Keep the subscription",
  paymentMethod: "Payment method",
  noCard: "No card yet.",
  isDefault: "Default",
  makeDefault: "Make default",
  addCard: "Add a card",
  removeCard: "Remove",
  invoices: "Invoices",
  noInvoices: "No invoices yet.",
  declines: {
    success: "Succeeds",
    decline: "Is declined",
    insufficient_funds: "Has insufficient funds",
    lost_card: "Was lost",
    stolen_card: "Was stolen",
    expired_card: "Has expired",
    incorrect_cvc: "Wrong CVC",
    processing_error: "Processing error",
    decline_on_charge: "Saved, then declined when charged",
    authenticate_once: "3-D Secure once",
    authenticate_always: "3-D Secure each time",
    dispute: "Succeeds, then is disputed",
  },
  refused: {
    generic_decline: "Your card was declined. Try another card.",
    insufficient_funds: "Your card has insufficient funds. Try another card.",
    incorrect_number: "This card number is not valid.",
    test_mode_live_card: "This is not a test card. Choose one from the list.",
    invalid_expiry_month: "This month does not exist.",
    invalid_expiry_year: "This card has expired.",
    expired_card: "Your card has expired. Try another card.",
    incorrect_cvc: "The security code is wrong.",
    processing_error: "The card could not be processed. Try again in a moment.",
    authentication: "Your bank did not confirm the payment. Try again or use another card.",
    other: "The payment was refused. Try another card.",
  },
};

const zh: typeof en = {
  sandbox: "沙盒环境 · 不涉及真实资金",
  pay: (amount) => `支付 ${amount}`,
  subscribe: "订阅",
  startTrial: "开始试用",
  saveCard: "保存银行卡",
  email: "邮箱",
  card: "卡号",
  expiry: "有效期（月 / 年）",
  cvc: "安全码",
  name: "持卡人姓名",
  country: "国家或地区",
  savedCards: "付款方式",
  newCard: "使用其他银行卡",
  testCards: "测试卡",
  use: "使用",
  back: "返回",
  promotion: "优惠码",
  apply: "使用",
  wrongCode: "此优惠码在这里无效。",
  subtotal: "小计",
  discount: "优惠",
  dueToday: "今日应付",
  afterwards: (amount, every) => `，之后 ${amount} / ${every}`,
  trialUntil: (date) => `免费试用至 ${date}`,
  each: (amount, quantity) => `${quantity} × ${amount}`,
  month: "月",
  year: "年",
  week: "周",
  day: "天",
  setupTitle: "保存银行卡以便日后使用",
  gone: "此页面已失效",
  goneText: "可能已完成付款，或已过期。请返回网站重新开始。",
  required: "请填写此项。",
  challengeTitle: "银行要求您确认付款",
  challengeText: "这是测试卡的 3-D Secure 验证页面，请选择验证结果。",
  complete: "验证成功",
  fail: "验证失败",
  done: "已完成，可以关闭此页面。",
  notDone: "验证未通过，可以关闭此页面。",
  invoice: "账单",
  invoiceStatuses: {
    draft: "准备中",
    open: "待付款",
    paid: "已付款",
    uncollectible: "无法收取",
    void: "已作废",
  },
  billedTo: (name) => `客户：${name}`,
  date: "日期",
  total: "合计",
  amountDue: "应付金额",
  amountPaid: "已付金额",
  credit: "余额抵扣",
  download: "下载 PDF",
  payInvoice: "支付此账单",
  portal: "我的账单",
  plan: "套餐",
  noPlan: "暂无订阅。",
  renews: (date) => `将于 ${date}续订`,
  ends: (date) => `将于 ${date}结束`,
  ended: (date) => `已于 ${date}结束`,
  cancelPlan: "到期后取消",
  resumePlan: "保留订阅",
  paymentMethod: "付款方式",
  noCard: "尚未添加银行卡。",
  isDefault: "默认",
  makeDefault: "设为默认",
  addCard: "添加银行卡",
  removeCard: "移除",
  invoices: "账单记录",
  noInvoices: "暂无账单。",
  declines: {
    success: "付款成功",
    decline: "付款被拒",
    insufficient_funds: "余额不足",
    lost_card: "挂失卡",
    stolen_card: "被盗卡",
    expired_card: "已过期",
    incorrect_cvc: "安全码错误",
    processing_error: "处理出错",
    decline_on_charge: "可保存，扣款时被拒",
    authenticate_once: "需验证一次（3-D Secure）",
    authenticate_always: "每次都需验证（3-D Secure）",
    dispute: "付款成功，随后产生争议",
  },
  refused: {
    generic_decline: "银行卡被拒，请换一张卡。",
    insufficient_funds: "银行卡余额不足，请换一张卡。",
    incorrect_number: "卡号无效。",
    test_mode_live_card: "这不是测试卡，请从列表中选择。",
    invalid_expiry_month: "月份无效。",
    invalid_expiry_year: "银行卡已过期。",
    expired_card: "银行卡已过期，请换一张卡。",
    incorrect_cvc: "安全码错误。",
    processing_error: "暂时无法处理此卡，请稍后再试。",
    authentication: "银行未能确认此次付款，请重试或换一张卡。",
    other: "付款被拒，请换一张卡。",
  },
};

export type Words = typeof en;
export type Language = "en" | "zh";

/** The language of a page: what was asked for, else the browser's. */
export function languageOf(locale: string | null | undefined, accepted: string | undefined): Language {
  const wanted = locale && locale !== "auto" ? locale : (accepted ?? "");
  return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The customer's language, else the browser's. */
export function languageOfCustomer(world: World, customer: unknown, accepted: string | undefined): Language {
  const [preferred = null] = world.store.get("customer", String(customer))?.preferred_locales ?? [];
  return languageOf(preferred, accepted);
}

export const words: Record<Language, Words> = { en, zh };

/** What to tell a customer whose card was refused. */
export function refusalText(
  { refused }: Words,
  code: string | undefined,
  declineCode: string | undefined,
): string {
  const known = Object.entries(refused).find(([name]) => name === declineCode || name === code);
  if (known) return known[1];
  return code?.includes("authentication") ? refused.authentication : refused.other;
}

/** What has become of an invoice. A word that is new to us stays as it is. */
export function invoiceStatusText({ invoiceStatuses }: Words, status: string | null): string {
  return Object.entries(invoiceStatuses).find(([name]) => name === status)?.[1] ?? status ?? "";
}

/** "26 Nov 2026" */
export function dayText(at: number, language: Language): string {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return new Date(at * 1000).toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}
