import type { ReactNode } from "react";
import { Commands } from "#ui/shell/commands";
import { PublicShell } from "#ui/shell/public-shell";

export default function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <PublicShell>
      {children}
      <Commands />
    </PublicShell>
  );
}
