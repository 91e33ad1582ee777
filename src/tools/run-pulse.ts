import { announce } from "#platform/changes";
import { log } from "#platform/log";
import { storable } from "#platform/storable";
import { Interruption } from "./interruption";
import { ownerId, ownerOf } from "./owner";
import { type Attempt, appendText, beat, feel } from "./run-attempt";
import type { OwnStep, ToolStep } from "./tool";

const tickMs = 200;
/** Cancel is looked for on every second tick, and a sign of life is written at least so often. */
const beatMs = 3_000;
/** Of a step in the tool's own words, in characters. */
const mostWords = 120;

/**
 * What goes on beside the tool: progress and text are written down, coalesced, and cancel is looked for.
 * Interrupts `control` when the run was cancelled or is no longer this attempt's.
 */
export class AttemptPulse {
  readonly #attempt: Attempt;
  readonly #control: AbortController;
  readonly #owner: string;
  #progress: { fraction: number; step: string } | null = null;
  #text = "";
  /** What is being written as the text of `#position`: the same until it stands, for it may have without our knowing. */
  #piece = "";
  #position = 0;
  #beatAt = Date.now();
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(attempt: Attempt, control: AbortController) {
    this.#attempt = attempt;
    this.#control = control;
    this.#owner = ownerId(ownerOf(attempt.run));
    this.#schedule();
  }

  readonly onProgress = (fraction: number, step: ToolStep | OwnStep): void => {
    const words = typeof step === "string" ? step : storable(step.text, mostWords);
    this.#progress = { fraction: Math.min(1, Math.max(0, fraction)), step: words };
  };

  readonly onText = (delta: string): void => {
    // PostgreSQL's text holds every character but this.
    this.#text += delta.replaceAll("\u0000", "");
  };

  /** Ends the pulse and writes the last text. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
    await this.#writeText();
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#ticking = this.#tick().finally(() => {
        if (!this.#stopped) this.#schedule();
      });
    }, tickMs);
  }

  async #tick(): Promise<void> {
    this.#ticks += 1;
    try {
      await this.#writeText();
      if (this.#ticks % 2 === 0) await this.#look();
    } catch (error) {
      // The next tick tries again; a worker that stays silent is taken for lost.
      log().warn({ err: error, runId: this.#attempt.run.id }, "a run's pulse was not written");
    }
  }

  async #look(): Promise<void> {
    const progress = this.#progress;
    const due = progress !== null || Date.now() - this.#beatAt >= beatMs;
    this.#progress = null;
    const pulse = due ? await beat(this.#attempt, progress) : await feel(this.#attempt);
    if (due) this.#beatAt = Date.now();
    if (progress) announce({ owner: this.#owner, runs: [this.#attempt.run.id] });
    if (pulse === "cancel") this.#control.abort(new Interruption("canceled"));
    if (pulse === "superseded" || pulse === "unpaid") this.#control.abort(new Interruption(pulse));
  }

  async #writeText(): Promise<void> {
    while (this.#piece || this.#text) {
      if (!this.#piece) [this.#piece, this.#text] = [this.#text, ""];
      await appendText(this.#attempt, this.#position, this.#piece);
      this.#piece = "";
      this.#position += 1;
      announce({ owner: this.#owner, text: [this.#attempt.run.id] });
    }
  }
}
