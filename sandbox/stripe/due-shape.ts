import type { World } from "./world";

/** Something that waits for its time, in seconds. */
export type Due = { at: number; what: string; subject: string; run: () => void };

/** Other parts add what falls due in them. */
export type DueSource = (world: World) => Due[];
