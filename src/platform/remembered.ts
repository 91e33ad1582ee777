import { announce, announced, hearChanges } from "./changes";
import { log } from "./log";
import { singleton } from "./singleton";

/**
 * What seldom changes and is often asked for, kept in memory by each process, so that asking costs no query. It is
 * read anew at once when another process announces a change, and after a few seconds in any case, should the
 * announcement have been lost.
 */
export type Remembered<T> = {
  /** @throws what reading throws, when nothing was read before */
  current(): Promise<T>;
  /** Makes what was just committed count in this process, and tells the others. */
  changed(): Promise<void>;
};

type Shelf<T> = {
  /** `changes`: how many had been announced when its reading began. */
  book: { value: T; readAtMs: number; changes: number } | null;
  reading: Promise<void> | null;
  changes: number;
};

const believedMs = 3_000;

/** @param topic by which changes are announced; each stands for one thing */
export function remembered<T>(topic: string, read: () => Promise<T>): Remembered<T> {
  const shelf = singleton<Shelf<T>>(`remembered.${topic}`);
  const open = () =>
    shelf.once(() => {
      const made: Shelf<T> = { book: null, reading: null, changes: 0 };
      const outdate = () => {
        made.changes += 1;
      };
      hearChanges(topic, outdate).catch((error: unknown) =>
        log().warn({ err: error, topic }, "could not listen for changes"),
      );
      return made;
    });
  return {
    async current() {
      const kept = open();
      for (;;) {
        const { book } = kept;
        const known = book?.changes === kept.changes && performance.now() - book.readAtMs < believedMs;
        if (book && known) return book.value;
        kept.reading ??= readInto(kept, read).finally(() => {
          kept.reading = null;
        });
        try {
          await kept.reading;
        } catch (error) {
          // While the database is away, things stay as they were.
          if (!book) throw error;
          log().warn({ err: error, topic }, "could not read what is remembered");
          return book.value;
        }
      }
    },
    async changed() {
      open().changes += 1;
      announce({ owner: topic });
      await announced();
    },
  };
}

async function readInto<T>(kept: Shelf<T>, read: () => Promise<T>): Promise<void> {
  const { changes } = kept;
  kept.book = { value: await read(), readAtMs: performance.now(), changes };
}
