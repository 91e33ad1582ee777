import { CopyButton } from "#ui/primitives/copy-button";

/** Code on ink in both themes, with copy. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="dark relative min-w-0 rounded-card border border-line bg-surface text-text">
      <div className="absolute top-2 right-2 rounded-control bg-surface">
        <CopyButton text={code} label={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-card px-5 py-4 pr-14 font-mono text-13 leading-6">
        <code>{code}</code>
      </pre>
    </div>
  );
}
