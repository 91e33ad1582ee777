import { z } from "@hono/zod-openapi";
import type { Upload } from "#tools";
import { timeSchema } from "./schemas";

export const uploadSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string().openapi({ description: "Found in the content." }),
    bytes: z.int(),
    width: z.int().nullable().openapi({ description: "Pixels, of an image." }),
    height: z.int().nullable(),
    pages: z.int().nullable().openapi({ description: "Pages of a PDF." }),
    url: z.string().openapi({ description: "Where its content is." }),
    createdAt: timeSchema,
    expiresAt: timeSchema,
  })
  .openapi("Upload", {
    example: {
      id: "upl_01kaqtwsvf3h5m8w9z0x1c2v3b",
      name: "receipt.png",
      mediaType: "image/png",
      bytes: 48213,
      width: 800,
      height: 600,
      pages: null,
      url: "/api/v1/uploads/upl_01kaqtwsvf3h5m8w9z0x1c2v3b/content",
      createdAt: "2026-11-23T10:00:00.000Z",
      expiresAt: "2026-11-24T10:00:00.000Z",
    },
  });

/** An upload as its owner sees it. */
export function uploadJson(upload: Upload): z.infer<typeof uploadSchema> {
  const { id, name, mediaType, bytes, width, height, pages } = upload;
  return {
    ...{ id, name, mediaType, bytes, width, height, pages },
    url: `/api/v1/uploads/${id}/content`,
    createdAt: upload.createdAt.toISOString(),
    expiresAt: upload.expiresAt.toISOString(),
  };
}

export type UploadJson = z.infer<typeof uploadSchema>;
