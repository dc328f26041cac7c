// Which processes run from this clone: each leaves a mark, so that no other takes their modules away.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Marks this process as running until it ends; where marks cannot be written there are none. */
export function markRunning(root) {
  const mark = join(root, ".running", String(process.pid));
  try {
    mkdirSync(join(root, ".running"), { recursive: true });
    writeFileSync(mark, startOf(process.pid));
  } catch {
    return; // somebody else's clone: then installing into it is refused by the system
  }
  process.on("exit", () => rmSync(mark, { force: true }));
}

/** The other processes that run from the clone; marks of those that were killed are taken away. */
export function othersRunning(root) {
  const folder = join(root, ".running");
  const running = [];
  for (const name of entries(folder)) {
    const pid = Number(name);
    if (pid === process.pid) continue;
    // a number is given again after a while: the same process has the same start
    if (isAlive(pid) && read(join(folder, name)) === startOf(pid)) running.push(pid);
    else rmSync(join(folder, name), { force: true });
  }
  return running;
}

/** Whether there is a process of that number. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch (cause) {
    return cause.code === "EPERM";
  }
}

/** When a process began, in ticks since the machine's start; empty where the system does not say. */
function startOf(pid) {
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1).split(" ");
  return fields[19] ?? "";
}

function entries(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
