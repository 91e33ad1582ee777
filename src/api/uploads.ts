import { createRoute, z } from "@hono/zod-openapi";
import { Refusal } from "#platform/refusal";
import { deleteUpload, openUpload, requireUpload, saveUpload, uploadLimits } from "#tools";
import { accountCodes, accountHeader, accountRequest, requireOwner, welcomeOwner } from "./caller";
import { sendFile } from "./download";
import { receiveFile } from "./multipart";
import { problems } from "./problem";
import { newRouter } from "./router";
import { idempotencyKeySchema, idParam } from "./schemas";
import { countVisitor } from "./throttle";
import { uploadJson, uploadSchema } from "./upload-json";

/** What a multipart body may add to its file. */
const envelopeBytes = 16 * 1024;

const content = { "application/json": { schema: uploadSchema } };
const params = idParam("An upload's id.");

const create = createRoute({
  method: "post",
  path: "/uploads",
  tags: ["Uploads"],
  summary: "Upload a file",
  description:
    "The file's type and size are found by reading it. It is private, and deleted after a day unless a run names it.",
  request: {
    headers: z.object({ "Idempotency-Key": idempotencyKeySchema, "Toolmint-Account": accountHeader }),
    body: {
      required: true,
      content: {
        "multipart/form-data": {
          // Described only: the body is streamed, not parsed beforehand.
          schema: {
            type: "object",
            required: ["file"],
            properties: { file: { type: "string", format: "binary" } },
          },
        },
      },
    },
  },
  responses: {
    201: { description: "The file was stored.", content },
    ...problems(
      ...accountCodes,
      "malformed_request",
      "unsupported_media_type",
      "upload_unsupported",
      "upload_too_large",
      "upload_corrupt",
      "storage_full",
      "idempotency_conflict",
      "busy",
    ),
  },
});

const read = createRoute({
  method: "get",
  path: "/uploads/{id}",
  tags: ["Uploads"],
  summary: "An upload",
  request: { ...accountRequest, params },
  responses: {
    200: { description: "The upload.", content },
    ...problems(...accountCodes),
  },
});

const download = createRoute({
  method: "get",
  path: "/uploads/{id}/content",
  tags: ["Uploads"],
  summary: "An upload's content",
  request: { ...accountRequest, params, query: z.object({ inline: z.literal("1").optional() }) },
  responses: {
    200: {
      description: "The bytes, as an attachment; raster images in place with `inline=1`.",
      content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...problems(...accountCodes),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/uploads/{id}",
  tags: ["Uploads"],
  summary: "Delete an upload",
  request: { ...accountRequest, params },
  responses: {
    204: { description: "It is gone." },
    ...problems(...accountCodes, "upload_in_use"),
  },
});

export const uploads = newRouter()
  .openapi(create, async (c) => {
    const owner = await welcomeOwner(c, "tools.run");
    if ("visitorId" in owner) await countVisitor(c, "uploads");
    const { maxBytes } = await uploadLimits(owner);
    // Said before the first byte is read, where the client tells the size.
    if (Number(c.req.header("content-length")) > maxBytes + envelopeBytes) {
      throw new Refusal("upload_too_large", { maxBytes });
    }
    const idempotencyKey = c.req.valid("header")["Idempotency-Key"];
    const upload = await receiveFile(c.req.raw, "file", ({ name, stream }) =>
      saveUpload({ owner, name, stream, idempotencyKey }),
    );
    return c.json(uploadJson(upload), 201);
  })
  .openapi(read, async (c) => {
    const upload = await requireUpload(await requireOwner(c, "runs.read"), c.req.valid("param").id);
    return c.json(uploadJson(upload), 200);
  })
  .openapi(download, async (c) => {
    const upload = await requireUpload(await requireOwner(c, "runs.read"), c.req.valid("param").id);
    return sendFile(c, { ...upload, open: () => openUpload(upload) }, c.req.valid("query").inline === "1");
  })
  .openapi(remove, async (c) => {
    await deleteUpload(await requireOwner(c, "tools.run"), c.req.valid("param").id);
    return c.body(null, 204);
  });
