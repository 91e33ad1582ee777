/** The cookie that keeps the first visit's steps hidden; the server reads it, so that nothing jumps. */
export const stepsCookie = "first-steps";
