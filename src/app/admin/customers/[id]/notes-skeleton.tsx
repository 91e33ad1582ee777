import { Skeleton } from "#ui/primitives/skeleton";

/** The shape of notes that are on their way. */
export function NotesSkeleton() {
  return (
    <div className="divide-y divide-line">
      {["first", "second", "third"].map((place) => (
        <div key={place} className="grid gap-2 px-4 py-3.5 sm:px-5">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-4 w-full max-w-lg" />
        </div>
      ))}
    </div>
  );
}
