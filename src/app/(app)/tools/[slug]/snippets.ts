import type { RunInput } from "#ui/runs/run";

/** The form's input as a program would send it. Pure. */

export const snippetLanguages = ["curl", "typescript", "python"] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

export type SnippetRequest = {
  /** Where the site stands, without a slash at the end. */
  origin: string;
  slug: string;
  input: RunInput;
  /** The field that lists upload ids, and the names of the files in it; null for a tool without files. */
  files: { field: string; names: readonly string[] } | null;
};

/** A whole sample: the key, what is to be uploaded, the run, and how it stands. */
export function snippet(language: SnippetLanguage, request: SnippetRequest): string {
  switch (language) {
    case "curl":
      return curl(request);
    case "typescript":
      return typescript(request);
    case "python":
      return python(request);
  }
}

function curl({ origin, slug, input, files }: SnippetRequest): string {
  const names = fileNames(files);
  const uploads = names.map(
    (name, index) =>
      `UPLOAD_${index + 1}=$(curl -s -H "$AUTH" ${origin}/api/v1/uploads \\\n  -H "Idempotency-Key: $(uuidgen)" -F ${shell(`file=@${name}`)} | jq -r .id)\n`,
  );
  let body = shell(JSON.stringify({ input: withPlaceholders(input, files) }, null, 2));
  // The shell fills the ids in: the quotes around the body open for each.
  for (const index of names.keys()) body = body.replace(`"@${index}"`, `"'"$UPLOAD_${index + 1}"'"`);
  return [
    `AUTH='Authorization: Bearer tm_…'`,
    "",
    ...uploads,
    "# Start the run. A repeat with the same key is the same run and the same charge",
    `RUN=$(curl -s -H "$AUTH" ${origin}/api/v1/tools/${slug}/runs \\`,
    `  -H "Idempotency-Key: $(uuidgen)" -H 'Content-Type: application/json' \\`,
    `  -d ${body} | jq -r .id)`,
    "",
    `curl -s -H "$AUTH" ${origin}/api/v1/runs/$RUN`,
  ].join("\n");
}

function typescript({ origin, slug, input, files }: SnippetRequest): string {
  const names = fileNames(files);
  const body = JSON.stringify(withPlaceholders(input, files), null, 2).replace(/"@(\d+)"/g, "uploads[$1]");
  const uploads = [
    `const uploads: string[] = [];`,
    `for (const name of ${JSON.stringify(names)}) {`,
    "  const form = new FormData();",
    `  form.append("file", await openAsBlob(name), name);`,
    `  const upload = await fetch(\`\${origin}/api/v1/uploads\`, {`,
    `    method: "POST",`,
    `    headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },`,
    "    body: form,",
    "  });",
    "  uploads.push((await upload.json()).id);",
    "}",
    "",
  ];
  return [
    ...(names.length > 0 ? [`import { openAsBlob } from "node:fs";`, ""] : []),
    `const headers = { Authorization: "Bearer tm_…" };`,
    `const origin = ${JSON.stringify(origin)};`,
    "",
    ...(names.length > 0 ? uploads : []),
    `const run = await fetch(\`\${origin}/api/v1/tools/${slug}/runs\`, {`,
    `  method: "POST",`,
    `  headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },`,
    `  body: JSON.stringify({ input: ${indent(body, 2)} }),`,
    "}).then((answer) => answer.json());",
    "",
    `console.log(await fetch(\`\${origin}/api/v1/runs/\${run.id}\`, { headers }).then((answer) => answer.json()));`,
  ].join("\n");
}

function python({ origin, slug, input, files }: SnippetRequest): string {
  const names = fileNames(files);
  const body = pythonValue(withPlaceholders(input, files)).replace(/"@(\d+)"/g, "uploads[$1]");
  const uploads = [
    "uploads = [",
    "    session.post(",
    `        f"{origin}/api/v1/uploads",`,
    `        headers={"Idempotency-Key": str(uuid.uuid4())},`,
    `        files={"file": open(name, "rb")},`,
    `    ).json()["id"]`,
    `    for name in ${JSON.stringify(names)}`,
    "]",
    "",
  ];
  return [
    "import uuid",
    "import requests",
    "",
    "session = requests.Session()",
    `session.headers["Authorization"] = "Bearer tm_…"`,
    `origin = ${JSON.stringify(origin)}`,
    "",
    ...(names.length > 0 ? uploads : []),
    "run = session.post(",
    `    f"{origin}/api/v1/tools/${slug}/runs",`,
    `    headers={"Idempotency-Key": str(uuid.uuid4())},`,
    `    json={"input": ${indent(body, 4)}},`,
    ").json()",
    "",
    `print(session.get(f"{origin}/api/v1/runs/{run['id']}").json())`,
  ].join("\n");
}

/** A tool that wants files shows one by a name that stands for it. */
function fileNames(files: SnippetRequest["files"]): readonly string[] {
  if (!files) return [];
  return files.names.length > 0 ? files.names : ["file"];
}

function withPlaceholders(input: RunInput, files: SnippetRequest["files"]): RunInput {
  return files ? { ...input, [files.field]: fileNames(files).map((_, index) => `@${index}`) } : input;
}

function indent(text: string, spaces: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(spaces)}`);
}

/** Single quotes for a POSIX shell. */
function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pythonValue(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "object") {
    const lines = Object.entries(value).map(
      ([key, inner]) => `    ${JSON.stringify(key)}: ${pythonValue(inner)},`,
    );
    return lines.length > 0 ? `{\n${lines.join("\n")}\n}` : "{}";
  }
  return JSON.stringify(value);
}
