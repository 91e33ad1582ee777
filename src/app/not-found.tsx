import { PublicShell } from "#ui/shell/public-shell";
import { NothingHere } from "#ui/state/nothing-here";

export { nothingHereMetadata as generateMetadata } from "#ui/state/nothing-here";

export default function NotFound() {
  return (
    <PublicShell>
      <NothingHere />
    </PublicShell>
  );
}
