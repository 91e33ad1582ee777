"use client";

import "../ui/globals.css";

type GlobalErrorProps = { error: Error & { digest?: string } };

/** When even the root layout fails there are no messages: both languages stand here. */
export default function GlobalError({ error }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <main className="grid min-h-dvh place-content-center justify-items-center gap-5 px-6 text-center">
          <title>500</title>
          <h1 className="text-24 font-semibold">The page broke on our side</h1>
          <p className="max-w-prose text-text-2">
            Runs that are going continue on the server, and your credits are safe.
            <br />
            <span lang="zh-Hans">页面在我们这边出错了。运行会在服务器上继续，积分是安全的。</span>
          </p>
          <div className="flex flex-wrap justify-center gap-3">
            <button
              type="button"
              // Only a new request brings back what the layout needs.
              onClick={() => location.reload()}
              className="h-11 rounded-control bg-primary px-5 font-medium text-on-primary"
            >
              Try again · <span lang="zh-Hans">重试</span>
            </button>
            <a
              href="/"
              className="grid h-11 place-content-center rounded-control border border-line-strong px-5 font-medium"
            >
              <span>
                Start page · <span lang="zh-Hans">首页</span>
              </span>
            </a>
          </div>
          {error.digest && (
            <p className="text-13 text-text-3">
              Error id · <span lang="zh-Hans">错误编号</span>{" "}
              <span className="font-mono select-all">{error.digest}</span>
            </p>
          )}
        </main>
      </body>
    </html>
  );
}
