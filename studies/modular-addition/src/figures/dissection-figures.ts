import type { Figure } from "@quadrivium/core";
import type { Dissection } from "../dissect/dissect.js";
import type { PairNet } from "../pair-net/pair-net.js";
import { ablationFigure } from "./ablation-figure.js";
import { cosetProfileFigure } from "./coset-profiles.js";
import { equivarianceFigure } from "./equivariance-figure.js";
import { exemplarNeurons } from "./exemplars.js";
import { gateFigure } from "./gates.js";
import { ladderFigure } from "./ladder-figure.js";
import { pairGridFigure } from "./pair-grids.js";
import { frequencyFigure, spectrumFigure } from "./spectra.js";

/**
 * All figures of one dissection, in the order in which they tell its story.
 *
 * @param document draws the plots: the page's own, or a stand-in outside a page
 */
export function dissectionFigures(net: PairNet, found: Dissection, document: Document): Figure[] {
  const figures = [gateFigure(found)];
  if (found.aliveNeurons > 0) {
    figures.push(
      frequencyFigure(found, document),
      pairGridFigure(exemplarNeurons(net, found), found.modulus),
      spectrumFigure(found, document),
      cosetProfileFigure(found, document),
      equivarianceFigure(net, found, document),
    );
  }
  figures.push(ladderFigure(found, document));
  if (found.ablations.length > 0) figures.push(ablationFigure(found, document));
  return figures;
}
