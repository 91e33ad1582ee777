"use client";

import { SignInForm } from "#ui/identity/sign-in-form";

/** Goes on with a full load, so that nothing of the visitor's page stays in memory. */
export function SignIn({ next }: { next: string }) {
  return <SignInForm onSignedIn={() => location.assign(next)} />;
}
