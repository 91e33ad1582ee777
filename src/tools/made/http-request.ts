import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { createWriteStream } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Transform } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { config } from "#platform/config";
import { faultOfUrl, isPublicAddress } from "./http-address";

/**
 * Requests to servers that somebody else names. They reach the public internet only: a name is looked up when the
 * connection is made, and the connection goes to the very address that was judged, so a name that changes its
 * address in between gains nothing. No redirect is followed; size and time are bounded; nothing is unpacked.
 */

/** Looks a name up, as `dns.lookup` with `all`. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export type GuardedRequest = {
  url: string;
  method: "GET" | "POST";
  headers?: Record<string, string>;
  body?: string;
  /** Bounds the time. */
  signal: AbortSignal;
  /** The largest answer that is read. */
  maxBytes: number;
  lookup?: Lookup;
};

export type GuardedAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** `forbidden` and `too_large` are the same the next time; `unreachable` may pass. */
export class RequestFault extends Error {
  override name = "RequestFault";
  readonly why: "forbidden" | "unreachable" | "too_large";

  constructor(why: RequestFault["why"], message: string) {
    super(message);
    this.why = why;
  }
}

/**
 * Sends a request and reads its answer, whatever its status.
 * @throws RequestFault; the signal's reason
 */
export async function requestGuarded(request: GuardedRequest): Promise<GuardedAnswer> {
  return send(request, async (answer) => {
    const body = await buffer(bounded(answer, request.maxBytes));
    return { status: answer.statusCode ?? 0, headers: answer.headers, body };
  });
}

/**
 * Writes what is under a URL to a file of this machine.
 * @returns its bytes
 * @throws RequestFault, also when the answer is not 200; the signal's reason
 */
export async function fetchGuarded(
  request: Omit<GuardedRequest, "method" | "body">,
  path: string,
): Promise<number> {
  return send({ ...request, method: "GET" }, async (answer) => {
    if (answer.statusCode !== 200) throw new RequestFault("unreachable", `status ${answer.statusCode}`);
    const file = createWriteStream(path);
    await pipeline(bounded(answer, request.maxBytes), file);
    return file.bytesWritten;
  });
}

async function send<T>(request: GuardedRequest, read: (answer: IncomingMessage) => Promise<T>): Promise<T> {
  const { method, headers = {}, body, signal, lookup = systemLookup } = request;
  const privateToo = config().HTTP_TOOLS_PRIVATE;
  const fault = faultOfUrl(request.url, privateToo);
  if (fault) throw new RequestFault("forbidden", fault.en);
  const url = new URL(request.url);
  signal.throwIfAborted();
  const make = url.protocol === "https:" ? httpsRequest : httpRequest;
  const outgoing = make(url, {
    method,
    signal,
    // A connection of its own, for which the name is looked up anew.
    agent: false,
    lookup: (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, found) => {
        const allowed = found?.filter(({ address }) => privateToo || isPublicAddress(address)) ?? [];
        const [first] = allowed;
        const no = error ?? (first ? null : forbidden(hostname));
        if (no || !first) callback(no, "", 0);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    },
    headers: {
      ...headers,
      "accept-encoding": "identity",
      ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
    },
  });
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on("response", resolve).on("error", reject).end(body);
    });
    if (answer.headers["content-encoding"])
      throw new RequestFault("too_large", "a packed answer is not unpacked");
    return await read(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof RequestFault) throw error;
    throw new RequestFault("unreachable", error instanceof Error ? error.message : String(error));
  } finally {
    outgoing.destroy();
  }
}

function forbidden(hostname: string): RequestFault {
  return new RequestFault("forbidden", `${hostname} is not on the public internet.`);
}

/** The answer's bytes, as long as they are not too many. */
function bounded(answer: IncomingMessage, maxBytes: number): Transform {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new RequestFault("too_large", `more than ${maxBytes} bytes`));
      else done(null, chunk);
    },
  });
  // What breaks either breaks both; the reader of the counter sees the error.
  pipeline(answer, counter).catch(() => undefined);
  return counter;
}
