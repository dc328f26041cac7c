import type { Study } from "@quadrivium/config";
import { checkpointBytes } from "./checkpoint-bytes.js";
import { commands } from "./commands/index.js";
import { studyConfig, type StudyConfig } from "./config.js";
import { presets } from "./presets.js";
import { reproduction } from "./reproduction.js";
import { coordinatesTask, simulateCoordinates } from "./simulate/coordinate-replicas.js";
import { replicasTask, simulateReplicas } from "./simulate/replicas.js";
import { trainTextJob, trainTextTask } from "./text/compare/train-task.js";
import type { TextFiles } from "./text/corpus/open-corpus.js";
import type { StudyResult } from "./train/result.js";
import { trainStudy } from "./train/train-study.js";

/** The study of how momentum must scale with dimension to change loss exponents. */
export const study = studyWith();

/**
 * The study on a host that lends texts.
 *
 * @param files where texts come from; without them language models learn synthetic languages only
 */
export function studyWith(files?: TextFiles): Study<StudyConfig, StudyResult> {
  return {
    name: "momentum-scaling",
    title: "Momentum adapted to dimension changes loss exponents",
    paper: {
      title: "Dimension-adapted Momentum Outscales SGD",
      authors: "Damien Ferbach, Katie Everett, Gauthier Gidel, Elliot Paquette, Courtney Paquette",
      id: "arXiv:2505.16098",
    },
    resultsVersion: 2,
    config: studyConfig,
    presets,
    checkpointBytes,
    train: (config, context) => trainStudy(config, context, files),
    commands,
    tasks: {
      [replicasTask]: simulateReplicas,
      [coordinatesTask]: simulateCoordinates,
      [trainTextTask]: trainTextJob(files),
    },
    reproduction,
  };
}
