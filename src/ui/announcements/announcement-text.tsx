import { Fragment, type ReactNode } from "react";
import { type Inline, parseMarkdown } from "#announcements/markdown";
import { cn } from "#cn";

/** An announcement's text: its few marks as elements, everything else as the text it is. */
export function AnnouncementText({ text, className }: { text: string; className?: string }) {
  return (
    <div className={cn("grid gap-2 break-words", className)}>
      {keyed(parseMarkdown(text)).map(({ key, value: block }) =>
        block.kind === "list" ? (
          <ul key={key} className="grid list-disc gap-1 pl-4 marker:text-text-3">
            {keyed(block.items).map((item) => (
              <li key={item.key}>
                <Line line={item.value} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={key}>
            {keyed(block.lines).map((line, place) => (
              <Fragment key={line.key}>
                {place > 0 && <br />}
                <Line line={line.value} />
              </Fragment>
            ))}
          </p>
        ),
      )}
    </div>
  );
}

function Line({ line }: { line: readonly Inline[] }) {
  return keyed(line).map(({ key, value }) => <Fragment key={key}>{inlineOf(value)}</Fragment>);
}

function inlineOf({ text, bold, italic, href }: Inline): ReactNode {
  if (href) {
    return (
      <a
        href={href}
        className="font-medium underline underline-offset-3"
        {...(href.startsWith("https:") && { target: "_blank", rel: "noopener noreferrer" })}
      >
        {text}
      </a>
    );
  }
  if (bold) return <strong className="font-semibold">{text}</strong>;
  return italic ? <em>{text}</em> : text;
}

/** The parts of a text have no names but their places. */
function keyed<T>(parts: readonly T[]): { key: string; value: T }[] {
  return parts.map((value, place) => ({ key: `${place}`, value }));
}
