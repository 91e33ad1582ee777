import { html, raw } from "hono/html";
import { testCards } from "./card";
import { type Language, type Words, words } from "./words";

/** The frame of the sandbox's pages: plain HTML that works without scripts. */

export type Markup = ReturnType<typeof html>;

/** A whole page. */
export function page(language: Language, title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="${language === "zh" ? "zh-Hans" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(css)}</style>
</head>
<body>
<p class="stripes"><span>${words[language].sandbox}</span></p>
${body}
</body>
</html>`;
}

/** The fields of a card, with what was wrong beside them. */
export function cardFields(t: Words, given: Record<string, string>, wrong: string | null): Markup {
  const field = (
    name: string,
    label: string,
    mode: string,
    hint: string,
    isWrong = false,
  ) => html`<label class="field">
    <span>${label}</span>
    <input id="${name}" name="${name}" value="${given[name] ?? ""}" inputmode="${mode}" autocomplete="off" placeholder="${hint}"
      ${isWrong ? raw('aria-invalid="true" aria-describedby="wrong"') : ""}>
  </label>`;
  return html`<div class="card-fields">
    ${field("number", t.card, "numeric", "4242 4242 4242 4242", wrong !== null)}
    ${wrong ? html`<p class="wrong" id="wrong" role="alert">${wrong}</p>` : ""}
    <div class="pair">${field("expiry", t.expiry, "numeric", "12 / 34")}${field("cvc", t.cvc, "numeric", "123")}</div>
  </div>`;
}

/** The test cards; choosing one fills the fields. */
export function cardList(t: Words): Markup {
  return html`<details class="cards" open>
    <summary>${t.testCards}</summary>
    <ul>${testCards.map(
      ({ number, behaviour }) => html`<li>
        <code>${number.replace(/(\d{4})(?=\d)/g, "$1 ")}</code><span>${t.declines[behaviour]}</span>
        <button type="button" data-card="${number}">${t.use}</button></li>`,
    )}</ul>
  </details>
  <script>${raw(fill)}</script>`;
}

const fill = `
for (const button of document.querySelectorAll("[data-card]")) button.onclick = () => {
  const set = (id, value) => { const field = document.getElementById(id); if (field) field.value = value; };
  set("number", button.dataset.card.replace(/(\\d{4})(?=\\d)/g, "$1 "));
  set("expiry", "12 / 34"); set("cvc", "123");
  const other = document.getElementById("another"); if (other) other.checked = true;
  document.getElementById("number").focus();
};`;

const css = `
:root{color-scheme:light dark;--canvas:#fafbfa;--surface:#fff;--line:#dfe5e2;--strong:#7f8b86;--text:#13201b;--soft:#52605a;--primary:#12241d;--on:#f8fbf9;--mint:#0c7a58;--mint-soft:#e7f5ee;--wrong:#b3261e}
@media(prefers-color-scheme:dark){:root{--canvas:#0d1210;--surface:#141a17;--line:#29312d;--strong:#78847e;--text:#eef3f0;--soft:#a6b1ac;--primary:#eef6f2;--on:#12201a;--mint:#55d3a5;--mint-soft:#14271f;--wrong:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--text);font:16px/1.5 ui-sans-serif,system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
.stripes{margin:0;padding:6px;text-align:center;font-size:12px;font-weight:600;letter-spacing:.04em;color:#3d2f00;background:repeating-linear-gradient(135deg,#ffd84d 0 14px,#f7c948 14px 28px)}
.stripes span{background:#ffe58a;border-radius:4px;padding:1px 8px}
main{max-width:980px;margin:0 auto;padding:32px 20px 64px;display:grid;gap:32px 56px}
main.two{grid-template-columns:1fr 1fr}main.one{max-width:560px;row-gap:20px}
@media(max-width:760px){main.two{grid-template-columns:1fr}}
h1{font-size:24px;line-height:1.25;margin:0 0 8px;letter-spacing:-.01em}h2{font-size:16px;margin:0 0 12px}p{margin:0 0 12px}.soft{color:var(--soft);font-size:14px}
.brand{text-transform:capitalize}
.big{font-size:36px;font-weight:650;letter-spacing:-.02em;margin:0 0 4px}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:24px}
@media(max-width:420px){.sheet{padding:16px}}
form:has(#another:not(:checked)) .card-fields{display:none}
.rows{list-style:none;margin:24px 0;padding:0}.rows li{display:flex;justify-content:space-between;gap:16px;padding:10px 0;border-top:1px solid var(--line)}.rows li.sum{font-weight:650}.rows span:last-child{text-align:right;white-space:nowrap}
.rows small{display:block;color:var(--soft);font-size:13px}
.field{display:block;margin:0 0 14px}.field>span{display:block;font-size:14px;font-weight:550;margin-bottom:4px}
input,select{width:100%;height:44px;padding:0 12px;font:inherit;color:inherit;background:var(--canvas);border:1px solid var(--strong);border-radius:8px}
input[type=radio]{width:18px;height:18px;accent-color:var(--mint)}
input[aria-invalid]{border-color:var(--wrong);box-shadow:0 0 0 1px var(--wrong)}
:focus-visible{outline:2px solid var(--mint);outline-offset:2px}
.wrong{color:var(--wrong);font-size:14px;margin:-6px 0 12px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:12px}
button,.button{font:inherit;font-weight:600;cursor:pointer;border-radius:8px;border:1px solid var(--line);background:var(--surface);color:var(--text);min-height:44px;padding:8px 16px;text-decoration:none;display:inline-flex;align-items:center;justify-content:center}
button.primary,.button.primary{background:var(--primary);color:var(--on);border-color:var(--primary);width:100%}
button.plain{border:0;background:none;padding:0 4px;min-height:32px;text-decoration:underline;text-underline-offset:3px;font-weight:500}
.choice{display:flex;align-items:center;gap:10px;padding:10px 12px;border:1px solid var(--line);border-radius:8px;margin-bottom:8px}
.cards{margin-top:18px;font-size:14px}.cards summary{cursor:pointer;color:var(--soft);padding:6px 0}.cards ul{list-style:none;margin:8px 0 0;padding:0}.cards li{display:grid;grid-template-columns:1fr auto;gap:0 12px;align-items:center;padding:6px 0;border-top:1px solid var(--line)}.cards li span{color:var(--soft);grid-row:2}.cards li button{grid-row:1/3;grid-column:2;min-height:36px;padding:4px 12px}
code{font:14px ui-monospace,monospace}
a{color:inherit}.back{display:inline-block;margin-bottom:20px;font-size:14px;color:var(--soft)}
.tag{display:inline-block;font-size:12px;font-weight:600;border:1px solid var(--line);border-radius:99px;padding:1px 9px;color:var(--soft)}
.actions{display:flex;gap:12px;flex-wrap:wrap}.actions>*{flex:1}
.line{display:flex;justify-content:space-between;align-items:center;gap:12px;flex-wrap:wrap;padding:10px 0;border-top:1px solid var(--line)}
.line+form:not(.line){margin-top:24px}.choice+.card-fields{margin-top:16px}.choice~button.primary{margin-top:8px}
`;
