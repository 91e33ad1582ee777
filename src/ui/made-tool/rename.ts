import { type MadeDefinition, placeholdersRenamed } from "#tools/made";

/** What names a field by its name, after the field has another: prompts and examples. Pure. */
export function renamed(made: MadeDefinition, before: string, after: string): MadeDefinition {
  const { work, examples, fields } = made;
  // Two of one name, before or after: nobody knows which is meant.
  const shared = fields.filter(({ name }) => name === after).length > 1;
  if (shared || fields.some(({ name }) => name === before)) return made;
  return {
    ...made,
    examples: examples.map((example) => ({ ...example, input: keyRenamed(example.input, before, after) })),
    work:
      work.kind === "prompt"
        ? {
            ...work,
            system: placeholdersRenamed(work.system, before, after),
            prompt: placeholdersRenamed(work.prompt, before, after),
          }
        : work,
  };
}

function keyRenamed<V>(input: Readonly<Record<string, V>>, before: string, after: string): Record<string, V> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key === before ? after : key, value]),
  );
}
