import { makeOwner } from "#identity";
import { withDatabase } from "#platform/database-server";
import { Refusal } from "#platform/refusal";
import { OperatorError } from "#platform/terminal";

export const usage = "owner EMAIL";
export const summary = "make the person who signed up with this mail address an owner";

export async function run([email]: readonly string[]): Promise<undefined> {
  if (!email) throw new OperatorError(`npm run ops -- ${usage}: say whose mail address.`);
  await withDatabase(async () => {
    try {
      await makeOwner(email);
    } catch (error) {
      if (!(error instanceof Refusal && error.code === "not_found")) throw error;
      throw new OperatorError(`Nobody has signed up with ${email}. Sign up on the site first.`);
    }
  });
  console.log(`${email} is an owner now.`);
}
