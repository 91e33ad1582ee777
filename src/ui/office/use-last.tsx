import { useEffect, useState } from "react";

/** What is open, or was last: a sheet still shows it while it slides out. */
export function useLast<T>(open: T | null | undefined): T | null | undefined {
  const [last, setLast] = useState(open);
  useEffect(() => {
    if (open) setLast(open);
  }, [open]);
  return last;
}
