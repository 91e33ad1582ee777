import type { ReactNode } from "react";
import { CardShell } from "#ui/shell/card-shell";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return <CardShell>{children}</CardShell>;
}
