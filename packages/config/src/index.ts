export {
  type ClaimDefinition,
  type Finding,
  judgeClaim,
  judgeInOrder,
} from "./claim-definition.js";
export {
  type Command,
  type CommandContext,
  type FinishedRun,
  type PlannedRun,
  type Preset,
  type Reproduction,
  type StoredRun,
  type Study,
  type Tier,
} from "./study.js";
export { completeConfig, parseSettings, type Configurable, type Settings } from "./complete.js";
export { configHash } from "./config-hash.js";
export { fieldsOf, type Field } from "./fields.js";
export { figureDocument } from "./figure-document.js";
export { flagsOf, kebab, parseFlags, type Flag, type Flagged } from "./flags.js";
export { jsonSchema, type JsonSchema } from "./json-schema.js";
export { nearest, suggestion } from "./nearest.js";
export { parseText } from "./parse-text.js";
export { describeType, showValue, type ValueType } from "./value-type.js";
