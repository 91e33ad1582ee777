"use client";

import { createContext, useContext } from "react";

const SignedIn = createContext(false);

/** Tells everything below whether the page was made for somebody who is signed in. */
export const SignedInProvider = SignedIn.Provider;

/** Whether the page was made for somebody who is signed in. */
export function useSignedIn(): boolean {
  return useContext(SignedIn);
}
