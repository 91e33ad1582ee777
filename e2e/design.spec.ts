import { expect, type Page, test } from "@playwright/test";
import { overflow, serious } from "./support";

/** What anybody sees before signing in: widths, contrast, axe, theme, language, fonts, policy. */

const paths = [
  "/",
  "/pricing",
  "/tools",
  "/docs",
  "/terms",
  "/privacy",
  "/refunds",
  "/sign-in",
  "/sign-up",
  "/no-such-page",
];
const grounds = ["canvas", "surface", "sunken", "hover"];
const statuses = ["hold", "danger", "info", "ok"];

/** Collects what the console and the policy complain about, but for the 404 that a test asked for. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 404/.test(message.text())) found.push(message.text());
  });
  return found;
}

for (const language of ["en-US", "zh-CN"]) {
  test.describe(language, () => {
    test.use({ locale: language });

    test("every page fits 390 and 320 pixels, and axe finds nothing serious", async ({ page }) => {
      test.setTimeout(480_000);
      const found = complaints(page);
      for (const path of paths) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(path);
        await expect(page.locator("h1"), path).toHaveCount(1);
        // What axe looks at does not depend on the language.
        if (language === "en-US") expect(await serious(page), path).toEqual([]);
        for (const width of [390, 320]) {
          await page.setViewportSize({ width, height: 844 });
          await expect.poll(() => overflow(page), `${path} at ${width} pixels`).toBeLessThanOrEqual(0);
        }
      }
      expect(found).toEqual([]);
    });
  });
}

test("axe finds nothing serious with the command menu open", async ({ page }) => {
  await page.goto("/");
  await openPalette(page);
  expect(await serious(page)).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("text reaches 4.5:1 on every ground, lines and charts 3:1", async ({ page }) => {
      await page.goto("/");
      const pairs = [
        ...grounds.flatMap((ground) =>
          ["text", "text-2", "text-3", "mint-text", ...statuses].map((ink) => [ink, ground, 4.5] as const),
        ),
        ...statuses.map((ink) => [ink, `${ink}-soft`, 4.5] as const),
        ["mint-text", "mint-soft", 4.5] as const,
        ["on-mint", "mint", 4.5] as const,
        ["on-primary", "primary", 4.5] as const,
        ...["line-strong", "ring", "c0", "c1", "c2", "c3", "c4", "c5"].map(
          (ink) => [ink, "surface", 3] as const,
        ),
      ];
      const measured = await page.evaluate(contrasts, pairs);
      expect(measured.filter(({ ratio, least }) => ratio < least)).toEqual([]);
      expect(measured).toHaveLength(pairs.length);
    });
  });
}

test("the theme follows the system without a choice, and a choice survives a reload", async ({ page }) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.getByRole("button", { name: "Language · Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  expect(await ground()).toBe(light);
  // The class stands in the document that the server sends: nothing flashes before a script runs.
  const html = await (await page.request.get("/")).text();
  expect(html).toMatch(/<html[^>]*class="[^"]*\blight\b/);
  await page.reload();
  expect(await ground()).toBe(light);
});

test("switching the language keeps the page and what was typed", async ({ page }) => {
  await page.goto("/sign-in?next=%2Fcredits");
  await page.locator("input[type=email]").fill("somebody@example.com");
  await page.getByRole("button", { name: "Language · Theme" }).click();
  await page.getByRole("menuitemradio", { name: "简体中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("登录");
  await expect(page.locator("input[type=email]")).toHaveValue("somebody@example.com");
  expect(new URL(page.url()).search).toBe("?next=%2Fcredits");
});

test("a page under /zh is Chinese for everybody and names both addresses", async ({ page }) => {
  await page.goto("/zh/pricing");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("价格");
  await expect(page.locator('link[rel="alternate"][hreflang="en"]')).toHaveAttribute("href", /\/pricing$/);
  await expect(page.locator('link[rel="alternate"][hreflang="zh-Hans"]')).toHaveAttribute(
    "href",
    /\/zh\/pricing$/,
  );
});

test("a Chinese page carries no stray English", async ({ page }) => {
  await page.goto("/zh");
  const words = (await page.locator("main").allInnerTexts()).join("\n");
  // Names, formats, units and code stay; a run of three English words does not.
  const stray = words
    .split("\n")
    .filter((line) => !/^[\s$]*(curl|[{}[\]"…])|slug|name|data|nextCursor|GET/.test(line))
    .filter((line) => /[a-z]{3,}\s+[a-z]{2,}\s+[a-z]{2,}/i.test(line));
  expect(stray).toEqual([]);
});

test("the landing page asks nobody else, and for at most 100 kB of fonts", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  let fontBytes = 0;
  page.on("response", async (response) => {
    const url = new URL(response.url());
    if (url.protocol !== "blob:" && url.protocol !== "data:" && url.origin !== baseURL)
      foreign.push(url.href);
    if (url.pathname.endsWith(".woff2")) fontBytes += (await response.body()).length;
  });
  await page.goto("/", { waitUntil: "networkidle" });
  expect(foreign).toEqual([]);
  expect(fontBytes).toBeGreaterThan(0);
  expect(fontBytes).toBeLessThanOrEqual(100_000);
});

test("pages carry a strict policy with a nonce of their own", async ({ page }) => {
  const policies = [];
  for (const path of ["/", "/pricing"]) {
    const headers = (await page.goto(path))?.headers() ?? {};
    expect(headers["x-content-type-options"]).toBe("nosniff");
    policies.push(headers["content-security-policy"] ?? "");
  }
  for (const policy of policies) {
    expect(policy).toContain("frame-ancestors 'none'");
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
    expect(scripts).toContain("'strict-dynamic'");
    expect(scripts).not.toContain("unsafe");
  }
  expect(policies[0]).not.toBe(policies[1]);
});

test("the compare slider moves by arrow keys, Home and End", async ({ page }) => {
  await page.goto("/");
  const slider = page.getByRole("slider", { name: "Compare before and after" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(slider).toHaveValue("0");
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue("1");
  await page.keyboard.press("End");
  await expect(slider).toHaveAttribute("aria-valuetext", /100/);
});

test("the command menu finds a page, and Esc gives the focus back", async ({ page }) => {
  await page.goto("/");
  await openPalette(page);
  await page.keyboard.type("pricing");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/pricing$/);
  const opener = page.getByRole("button", { name: "Open the command menu" });
  await opener.click();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
});

/** The key works from the moment React has taken the page over. */
async function openPalette(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Runs in the page: the browser resolves the live variables to sRGB by painting them. */
function contrasts(pairs: readonly (readonly [ink: string, ground: string, least: number])[]) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!canvas) throw new Error("no canvas");
  const probe = document.body.appendChild(document.createElement("i"));
  const luminance = (name: string): number => {
    probe.style.color = `var(--${name})`;
    canvas.fillStyle = getComputedStyle(probe).color;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  return pairs.map(([ink, ground, least]) => {
    const [a, b] = [luminance(ink), luminance(ground)];
    return { ink, ground, least, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
}
