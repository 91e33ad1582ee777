import Link from "next/link";

type TabLinksProps = {
  /** What the tabs choose between, for screen readers. */
  label: string;
  links: readonly { href: string; name: string; current: boolean }[];
  /** False where the page below stays where it is. */
  scroll?: boolean;
};

/** Tabs that have an address each; they scroll sideways when there is no room. */
export function TabLinks({ label, links, scroll = true }: TabLinksProps) {
  return (
    <nav
      aria-label={label}
      className="flex gap-5 overflow-x-auto border-b border-line [scrollbar-width:none] *:shrink-0"
    >
      {links.map(({ href, name, current }) => (
        <Link
          key={href}
          href={href}
          scroll={scroll}
          aria-current={current ? "page" : undefined}
          className="-mb-px flex h-10 items-center border-b-2 border-transparent text-14 text-text-2 transition-colors duration-120 -outline-offset-2 hover:text-text aria-[current=page]:border-primary aria-[current=page]:font-medium aria-[current=page]:text-text"
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
