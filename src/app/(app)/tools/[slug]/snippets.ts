import type { RunInput } from "#ui/runs/run";

/** The form's input as a program would send it. Pure. */

export const snippetLanguages = ["curl", "typescript", "python"] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

export type SnippetRequest = {
  /** Where the site stands, without a slash at the end. */
  origin: string;
  /** How this site's keys begin. */
  keyPrefix: string;
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

function curl({ origin, keyPrefix, slug, input, files }: SnippetRequest): string {
  const names = fileNames(files);
  const uploads = names.map(
    (name, index) =>
      `UPLOAD_${index + 1}=$(call ${origin}/api/v1/uploads \\\n  -H "Idempotency-Key: $JOB:file-${index + 1}" -F ${shell(`file=@${name}`)} | take_id)\n`,
  );
  let body = shell(JSON.stringify({ input: withPlaceholders(input, files) }, null, 2));
  // The shell fills the ids in: the quotes around the body open for each.
  for (const index of names.keys()) body = body.replace(`"@${index}"`, `"'"$UPLOAD_${index + 1}"'"`);
  return [
    `KEY='${keyPrefix}…'`,
    "JOB=job-$(date +%s)",
    `call() { curl -sS --fail-with-body -H "Authorization: Bearer $KEY" "$@"; }`,
    `take_id() { local said; said=$(cat); case $said in *'"id":"'*) said=\${said#*'"id":"'}; echo "\${said%%'"'*}" ;; *) echo "$said" >&2 ;; esac; }`,
    "",
    ...uploads,
    "# Start the run. A repeat with the same key is the same run and the same charge",
    `RUN=$(call ${origin}/api/v1/tools/${slug}/runs \\`,
    `  -H "Idempotency-Key: $JOB" -H 'Content-Type: application/json' \\`,
    `  -d ${body} | take_id)`,
    "",
    `while [ -n "$RUN" ] && ! call ${origin}/api/v1/runs/$RUN | grep -E '"status":"(succeeded|failed|canceled)"'; do sleep 1; done`,
  ].join("\n");
}

function typescript({ origin, keyPrefix, slug, input, files }: SnippetRequest): string {
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
    `const headers = { Authorization: "Bearer ${keyPrefix}…" };`,
    `const origin = ${JSON.stringify(origin)};`,
    "",
    ...(names.length > 0 ? uploads : []),
    `let run = await fetch(\`\${origin}/api/v1/tools/${slug}/runs\`, {`,
    `  method: "POST",`,
    `  headers: { ...headers, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },`,
    `  body: JSON.stringify({ input: ${indent(body, 2)} }),`,
    "}).then((answer) => answer.json());",
    "",
    `while (run.status === "queued" || run.status === "running") {`,
    "  await new Promise((resolve) => setTimeout(resolve, 1000));",
    `  run = await fetch(\`\${origin}/api/v1/runs/\${run.id}\`, { headers }).then((answer) => answer.json());`,
    "}",
    "console.log(run);",
  ].join("\n");
}

/** With what Python brings along: nothing has to be installed first. */
function python({ origin, keyPrefix, slug, input, files }: SnippetRequest): string {
  const names = fileNames(files);
  const body = pythonValue(withPlaceholders(input, files)).replace(/"@(\d+)"/g, "uploads[$1]");
  const uploads = [
    "def upload(name):",
    `    head = f'--part\\r\\nContent-Disposition: form-data; name="file"; filename="{name}"\\r\\n\\r\\n'`,
    `    form = head.encode() + open(name, "rb").read() + b"\\r\\n--part--\\r\\n"`,
    `    return call("/uploads", form, "multipart/form-data; boundary=part")["id"]`,
    "",
    `uploads = [upload(name) for name in ${JSON.stringify(names)}]`,
  ];
  return [
    "import json, time, urllib.request, uuid",
    "",
    'def call(path, body=None, type="application/json"):',
    `    headers = {"Authorization": "Bearer ${keyPrefix}…", "Content-Type": type}`,
    `    if body: headers["Idempotency-Key"] = str(uuid.uuid4())`,
    `    request = urllib.request.Request("${origin}/api/v1" + path, body, headers)`,
    "    with urllib.request.urlopen(request) as answer:",
    "        return json.load(answer)",
    "",
    ...(names.length > 0 ? uploads : []),
    `wanted = {"input": ${body}}`,
    `run = call("/tools/${slug}/runs", json.dumps(wanted).encode())`,
    `while run["status"] in ("queued", "running"):`,
    "    time.sleep(1)",
    `    run = call("/runs/" + run["id"])`,
    "print(json.dumps(run, indent=2))",
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
