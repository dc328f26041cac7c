import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";
import { chromium as launcher, type Browser, type Page } from "playwright-core";
import { build, type Rolldown } from "vite";

/** A page in headless Chromium that has loaded a bundled module. */
export interface OpenedPage {
  readonly page: Page;
  /** Ends the browser. */
  close(): Promise<void>;
}

/** Flags that give Chromium a WebGPU adapter without a graphics card. */
export const softwareWebGpu = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

/** What Chromium needs to run as any user, in a container, without a screen. */
const headless = ["--no-sandbox", "--disable-dev-shm-usage"];

/**
 * Bundles a module for a page, from sources, and opens it in Chromium out of an npm package.
 *
 * @throws why the browser cannot start here: a system library is missing, for example
 */
export async function openPage(entry: URL, flags: readonly string[] = []): Promise<OpenedPage> {
  const script = await bundle(fileURLToPath(entry));
  let browser: Browser | undefined;
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.writeHead(200, {
      "Content-Type": `text/${isScript ? "javascript" : "html"}; charset=utf-8`,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Embedder-Policy": "require-corp",
    });
    response.end(
      isScript ? script : '<!doctype html><script type="module" src="page.js"></script>',
    );
  });
  const close = async (): Promise<void> => {
    await browser?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  try {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const executablePath = await chromium.executablePath();
    browser = await launcher.launch({
      executablePath,
      args: [...headless, ...flags],
      timeout: 30_000,
    });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    if (errors.length > 0) throw new Error(`the page failed to load: ${errors.join("; ")}`);
    return { page, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["browser", "@quadrivium/source"] },
    build: {
      write: false,
      minify: false,
      target: "esnext",
      modulePreload: false,
      rolldownOptions: { input: entry, output: { codeSplitting: false } },
    },
  });
  const { output } = [built].flat()[0] as Rolldown.RolldownOutput;
  const [chunk] = output.filter((each) => each.type === "chunk");
  if (chunk === undefined) throw new Error(`${entry} was bundled to nothing`);
  return chunk.code;
}
