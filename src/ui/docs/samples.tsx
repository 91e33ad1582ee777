/**
 * The samples of the docs page and of docs/metering.md, which a test keeps the same and runs as they stand.
 * They read SITE, KEY and ACCOUNT from the environment, so that no secret stands in a file.
 */

export const languages = ["curl", "typescript", "python"] as const;
export type Language = (typeof languages)[number];
export type Samples = Readonly<Record<Language, string>>;

/** What a shell needs before any of them; `hint` is what is shown of a key, its prefix and last four. */
export function setting({ site, hint, account }: { site: string; hint: string; account?: string }): string {
  return `export SITE=${site} KEY=${hint}${account === undefined ? "" : ` ACCOUNT=${account}`}`;
}

/** Holds what a job can cost at most, and charges what it used. */
export const metering: Samples = {
  curl: `meter() {
  curl -sS --fail-with-body "$SITE/api/v1$1" -H "Authorization: Bearer $KEY" \\
    -H "Toolmint-Account: $ACCOUNT" -H "Idempotency-Key: $2" \\
    -H 'Content-Type: application/json' -d "$3"
}
hold=$(meter /holds job-1042:hold '{"credits":12,"tool":"upscaler"}')
hold=\${hold#*'"holdId":"'}
# Do the work here, then charge what it used; the rest goes back.
meter "/holds/\${hold%%'"'*}/capture" job-1042:capture '{"credits":9}'`,
  typescript: `const { SITE, KEY, ACCOUNT } = process.env;
async function meter(path: string, key: string, body: object) {
  const who = { Authorization: \`Bearer \${KEY}\`, "Toolmint-Account": \`\${ACCOUNT}\` };
  const headers = { ...who, "Idempotency-Key": key, "Content-Type": "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(\`\${SITE}/api/v1\${path}\`, sent);
  return answer.ok ? await answer.json() : Promise.reject(await answer.text());
}
const { holdId } = await meter("/holds", "job-1042:hold", { credits: 12, tool: "upscaler" });
console.log(await meter(\`/holds/\${holdId}/capture\`, "job-1042:capture", { credits: 9 }));`,
  python: `import json, os, urllib.request
SITE, KEY, ACCOUNT = os.environ["SITE"], os.environ["KEY"], os.environ["ACCOUNT"]
def meter(path, key, body):
    headers = {"Authorization": f"Bearer {KEY}", "Toolmint-Account": ACCOUNT,
               "Idempotency-Key": key, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{SITE}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
hold = meter("/holds", "job-1042:hold", {"credits": 12, "tool": "upscaler"})
print(meter(f"/holds/{hold['holdId']}/capture", "job-1042:capture", {"credits": 9}))`,
};

/** Reads the text out of a picture of the site's own, and waits for the result. */
export const running: Samples = {
  curl: `call() { curl -sS --fail-with-body -H "Authorization: Bearer $KEY" "$@"; }
take_id() { local said; said=$(cat); case $said in *'"id":"'*) said=\${said#*'"id":"'}; echo "\${said%%'"'*}" ;; *) echo "$said" >&2 ;; esac; }
curl -sS -O "$SITE/samples/receipt-en.png"
upload=$(call "$SITE/api/v1/uploads" -H 'Idempotency-Key: file-1' -F file=@receipt-en.png | take_id)
run=$(call "$SITE/api/v1/tools/text-recognition/runs" -H 'Idempotency-Key: run-1' \\
  -H 'Content-Type: application/json' -d "{\\"input\\":{\\"images\\":[\\"$upload\\"]}}" | take_id)
while [ -n "$run" ] && ! call "$SITE/api/v1/runs/$run" | grep -E '"status":"(succeeded|failed|canceled)"'; do sleep 1; done
call "$SITE/api/v1/runs/$run/outputs/0"`,
  typescript: `const { SITE, KEY } = process.env;
async function call(path: string, key?: string, body?: BodyInit, type?: string) {
  const headers = new Headers({ Authorization: \`Bearer \${KEY}\` });
  if (key) headers.set("Idempotency-Key", key);
  if (type) headers.set("Content-Type", type);
  const answer = await fetch(\`\${SITE}/api/v1\${path}\`, body ? { method: "POST", headers, body } : { headers });
  return answer.ok ? answer : Promise.reject(await answer.text());
}
const form = new FormData();
form.set("file", await (await fetch(\`\${SITE}/samples/receipt-en.png\`)).blob(), "receipt-en.png");
const upload = await (await call("/uploads", "file-1", form)).json();
const input = JSON.stringify({ input: { images: [upload.id] } });
let run = await (await call("/tools/text-recognition/runs", "run-1", input, "application/json")).json();
while (run.status === "queued" || run.status === "running") {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  run = await (await call(\`/runs/\${run.id}\`)).json();
}
console.log(await (await call(\`/runs/\${run.id}/outputs/0\`)).text());`,
  python: `import json, os, time, urllib.request
SITE, KEY = os.environ["SITE"], os.environ["KEY"]
def call(path, key=None, body=None, type="application/json"):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": type}
    if key: headers["Idempotency-Key"] = key
    with urllib.request.urlopen(urllib.request.Request(f"{SITE}/api/v1{path}", body, headers)) as answer:
        return answer.read()
picture = urllib.request.urlopen(f"{SITE}/samples/receipt-en.png").read()
part = b'--part\\r\\nContent-Disposition: form-data; name="file"; filename="receipt-en.png"\\r\\n\\r\\n'
form = part + picture + b"\\r\\n--part--\\r\\n"
upload = json.loads(call("/uploads", "file-1", form, "multipart/form-data; boundary=part"))
wanted = json.dumps({"input": {"images": [upload["id"]]}}).encode()
run = json.loads(call("/tools/text-recognition/runs", "run-1", wanted))
while run["status"] in ("queued", "running"):
    time.sleep(1)
    run = json.loads(call(f"/runs/{run['id']}"))
print(call(f"/runs/{run['id']}/outputs/0").decode())`,
};
