import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type SnippetRequest, snippet, snippetLanguages } from "./snippets";

const request: SnippetRequest = {
  origin: "http://localhost:3000",
  keyPrefix: "tm_test_",
  slug: "image-convert",
  input: { images: ["upl_1", "upl_2"], format: "it's", strip: true },
  files: { field: "images", names: ["one.png", "it's two.png"] },
};

describe("a sample", () => {
  it("is valid shell that sends the body with the uploads' ids", () => {
    const script = snippet("curl", request);
    // Stands in for curl: shows the body of the run, gives each upload a name, and tells that the run is over.
    const curl = `curl() { for a in "$@"; do case "$a" in *'"input"'*) echo "$a" >&2;;
file=*) echo "{\\"id\\":\\"id of $a\\"}";; */runs/*) echo '"status":"succeeded"';; esac; done; }\n`;
    const out = execFileSync("sh", ["-c", `exec 2>&1; ${curl}${script}`], { encoding: "utf8" });
    expect(JSON.parse(out.slice(out.indexOf("{"), out.lastIndexOf("}") + 1))).toEqual({
      input: { images: ["id of file=@one.png", "id of file=@it's two.png"], format: "it's", strip: true },
    });
  });

  it("names the uploads by their place in TypeScript and Python", () => {
    expect(snippet("typescript", request)).toContain("uploads[1]");
    const python = snippet("python", request);
    expect(python).toContain(`"images": [uploads[0], uploads[1]]`);
    expect(python).toContain(`"strip": True`);
  });

  it("shows how this site's keys begin", () => {
    for (const language of snippetLanguages) expect(snippet(language, request)).toContain("tm_test_…");
  });

  it("uploads nothing for a tool without files", () => {
    const text = snippet("python", { ...request, input: { prompt: "Hi" }, files: null });
    expect(text).not.toContain("uploads");
    expect(text).toContain(`"prompt": "Hi"`);
  });
});
