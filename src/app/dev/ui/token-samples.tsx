import { Sample, type SamplesProps } from "./sample";

const grounds = ["canvas", "surface", "sunken", "hover"] as const;
const texts = ["text", "text-2", "text-3", "mint-text", "hold", "danger", "info", "ok"] as const;
const chart = ["c1", "c2", "c3", "c4", "c5", "c0"] as const;
const sizes = [12, 13, 14, 16, 18, 20, 24, 30, 40, 56] as const;

export function TokenSamples(_: SamplesProps) {
  return (
    <>
      {grounds.map((ground) => (
        <Sample key={ground} name={ground} className="rounded-field border border-line p-3">
          <span
            className="flex w-full flex-wrap gap-x-5 gap-y-1 rounded-control p-2"
            style={{ background: `var(--${ground})` }}
          >
            {texts.map((text) => (
              <span key={text} style={{ color: `var(--${text})` }}>
                {text}
              </span>
            ))}
          </span>
        </Sample>
      ))}
      <Sample name="c1 … c0">
        {chart.map((hue) => (
          <span key={hue} className="grid gap-1 text-12 text-text-3">
            <span className="block h-8 w-14 rounded-control" style={{ background: `var(--${hue})` }} />
            {hue}
          </span>
        ))}
        <span className="hatched block h-8 w-14 rounded-control" />
      </Sample>
      <Sample name="type" className="items-baseline">
        {sizes.map((size) => (
          <span
            key={size}
            className={size >= 24 ? "font-display font-semibold" : ""}
            style={{ fontSize: size }}
          >
            Ag {size}
          </span>
        ))}
        <span className="num">0123456789 1,250 −4</span>
        <span className="font-mono text-13">run_01jd I l 1 O 0</span>
      </Sample>
    </>
  );
}
