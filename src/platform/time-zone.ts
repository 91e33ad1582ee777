/**
 * True for the name of an IANA zone this machine knows. An offset such as +02:00 is none: PostgreSQL reads it
 * with the opposite sign.
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
