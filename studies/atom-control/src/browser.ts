/** What a page needs of the study; nothing here reaches Node. */
export * from "./index.js";
