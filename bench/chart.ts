import type { ChargeResult } from "./goals";

/** Bars of charges per second as an SVG, drawn for light and for dark pages. */

const systems = ["starters", "per-request", "ours"];
const width = 760;
const barHeight = 14;
const groupGap = 18;
const left = 196;
const right = 130;
const top = 64;

const style = `
  .ground { fill: #ffffff; stroke: #d9dce3 }
  text { font: 12px system-ui, sans-serif; fill: #1c2230 }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #5b6475 }
  .starters { fill: #a9b1c0 } .per-request { fill: #7086b0 } .ours { fill: #0f8a6c }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12161f; stroke: #2b3342 }
    text { fill: #e8ebf2 } .quiet { fill: #9aa5b8 }
    .starters { fill: #5d6779 } .per-request { fill: #7f97c6 } .ours { fill: #35c79c }
  }`;

export function drawCharges(results: readonly ChargeResult[]): string {
  const groups = groupsOf(results);
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ perSecond }) => perSecond)));
  let y = top;
  const parts: string[] = [];
  for (const { title, bars } of groups) {
    const middle = y + (bars.length * barHeight) / 2 + 4;
    parts.push(`<text x="${left - 12}" y="${middle}" text-anchor="end">${title}</text>`);
    const base = bars.find(({ system }) => system === "starters")?.perSecond;
    for (const { system, perSecond } of bars) {
      const length = Math.max(1, (perSecond / most) * (width - left - right));
      const times = base && system !== "starters" ? ` (${(perSecond / base).toFixed(1)}x)` : "";
      parts.push(
        `<rect class="${system}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight - 2}" rx="2"/>`,
        `<text class="quiet" x="${(left + length + 6).toFixed(1)}" y="${y + 10}">${Math.round(perSecond).toLocaleString("en")}${times}</text>`,
      );
      y += barHeight;
    }
    y += groupGap;
  }
  const height = y + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Charges per second">
<style>${style}</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
<text class="title" x="20" y="28">Charges per second, and times the starters'</text>
${legend()}
${parts.join("\n")}
</svg>
`;
}

function legend(): string {
  return systems
    .map(
      (system, index) =>
        `<rect class="${system}" x="${20 + index * 110}" y="40" width="10" height="10" rx="2"/>` +
        `<text class="quiet" x="${36 + index * 110}" y="49">${system}</text>`,
    )
    .join("\n");
}

function groupsOf(results: readonly ChargeResult[]) {
  const groups = new Map<string, { title: string; bars: ChargeResult[] }>();
  for (const result of results) {
    if (!systems.includes(result.system)) continue;
    const { what, target, callers } = result;
    const title = `${what === "charge" ? "" : "hold+capture, "}${target}, ${callers}`;
    const group = groups.get(title) ?? { title, bars: [] };
    group.bars.push(result);
    groups.set(title, group);
  }
  return [...groups.values()];
}
