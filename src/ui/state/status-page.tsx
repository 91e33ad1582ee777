import type { ReactNode } from "react";

type StatusPageProps = {
  status: 404 | 500;
  title: string;
  text: string;
  /** What to do: buttons. */
  actions: ReactNode;
  /** What stands beneath. */
  children?: ReactNode;
};

/** The designed 404 and 500: what happened and the ways on. */
export function StatusPage({ status, title, text, actions, children }: StatusPageProps) {
  return (
    <div className="page grid justify-items-center gap-6 py-24 text-center md:py-32">
      <p aria-hidden="true" className="num font-display text-56 font-semibold text-text-3">
        {status}
      </p>
      <div className="grid gap-2">
        <h1 className="font-display text-30 font-semibold">{title}</h1>
        <p className="max-w-prose text-16 text-text-2">{text}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">{actions}</div>
      {children}
    </div>
  );
}
