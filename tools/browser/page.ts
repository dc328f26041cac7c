/** The page's side: hands the programs to whoever drives the browser. */
import * as programs from "./programs.js";

Object.assign(globalThis, { programs });
