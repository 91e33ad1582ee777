import { networkProblem, type Problem, problemOf } from "#ui/api";

/** A stored file as `POST /uploads` answers. */
export type Upload = {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
  width: number | null;
  height: number | null;
  pages: number | null;
};

type SendOptions = {
  /** One key for one file: a retry stores it once. */
  idempotencyKey: string;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
};

/** Sends one file; the promise fails with a Problem, or with the signal's reason when it was stopped. */
export function sendFile(file: File, { idempotencyKey, onProgress, signal }: SendOptions): Promise<Upload> {
  return new Promise((resolve, reject) => {
    // fetch does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", "/api/v1/uploads");
    request.responseType = "json";
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("idempotency-key", idempotencyKey);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (isUpload(request.response)) resolve(request.response);
      else reject(answerProblem(request));
    });
    request.addEventListener("error", () => reject(networkProblem()));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

function answerProblem(request: XMLHttpRequest): Problem {
  return problemOf(request.status, request.response, request.getResponseHeader("retry-after"));
}

function isUpload(value: unknown): value is Upload {
  return typeof value === "object" && value !== null && "id" in value && "mediaType" in value;
}
