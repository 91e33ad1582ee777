export type Wait = { unit: "seconds" | "minutes" | "hours"; count: number };

/** A wait as people say it: in minutes from 90 seconds on, in hours from 90 minutes on; never too short. */
export function waitOf(seconds: number): Wait {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 90) return { unit: "seconds", count: whole };
  if (whole < 90 * 60) return { unit: "minutes", count: Math.ceil(whole / 60) };
  return { unit: "hours", count: Math.ceil(whole / 3600) };
}
