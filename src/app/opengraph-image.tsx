import { ImageResponse } from "next/og";
import { config } from "#platform/config";

export const size = { width: 1200, height: 630 };
export const contentType = "image/png";
export const alt = "Tools with the price on the button";
export const dynamic = "force-dynamic";

/** What a link to the site shows elsewhere; drawn here, in the Geist that next/og carries. */
export default function OpenGraphImage() {
  const { SITE_NAME } = config();
  return new ImageResponse(
    <div
      style={{
        width: "100%",
        height: "100%",
        display: "flex",
        flexDirection: "column",
        justifyContent: "space-between",
        padding: 80,
        background: "#f9fbfa",
        color: "#0f1d17",
      }}
    >
      <div style={{ display: "flex", fontSize: 44 }}>{SITE_NAME}</div>
      <div style={{ display: "flex", fontSize: 96, lineHeight: 1.05, letterSpacing: -3, maxWidth: 900 }}>
        {alt}
      </div>
      <div
        style={{
          display: "flex",
          alignSelf: "flex-start",
          padding: "20px 36px",
          borderRadius: 14,
          background: "#157a55",
          color: "#fff",
          fontSize: 40,
        }}
      >
        Run · 4 credits
      </div>
    </div>,
    size,
  );
}
