import { convByKernel } from "./conv-kernel.js";
import { allOnes, convProblem, type ConvProblem } from "./conv-problem.js";
import { convByTaps, hasFewTaps } from "./conv-taps.js";
import { convByWindows } from "./conv-windows.js";
import { applyOperator } from "./elementwise.js";
import type { Lowering, LoweringContext, Lowerings } from "./lowering.js";
import { reseen, type View } from "./view.js";

/** Convolutions and both their gradients, each by what computes it soonest. */
const conv: Lowering<"conv"> = (context, operation, operands) => {
  const problem = convProblem(operation, operands);
  if (operation.outputs[0].dtype !== "float32") {
    return [withBias(context, problem, convByWindows(context, problem))];
  }
  if (hasFewTaps(context, problem))
    return [withBias(context, problem, convByTaps(context, problem))];
  const result = convByKernel(context, problem);
  return [allOnes(problem.lhsDilation) ? result : withBias(context, problem, result)];
};

/** Adds the bias where no kernel did. */
function withBias(context: LoweringContext, { bias, spatial }: ConvProblem, result: View): View {
  if (bias === undefined) return result;
  const units = spatial.map(() => 1);
  const perFeature = reseen(
    bias,
    [...bias.shape, ...units],
    [...bias.axes, ...units.map(() => null)],
  );
  return applyOperator(context, "Add", [result, perFeature], result.dtype);
}

/** Convolutions. */
export const convLowerings: Lowerings = { conv };
