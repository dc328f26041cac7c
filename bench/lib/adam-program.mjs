import { valueAndGrad } from "@quadrivium/engine";
import { adam, applyUpdates, arrayOps, hostArrayOps } from "@quadrivium/nn";

/** A training step with Adam: loss and gradient at the parameters, then the optimizer. */
export function adamProgram({ loss, params, data, options }) {
  const rule = adam(options);
  const optimizer = rule(arrayOps);
  return {
    step: ({ params: current, moments }, batch) => {
      const [value, grads] = valueAndGrad(loss)(current, batch);
      const next = optimizer.update(grads, moments, current);
      return {
        state: { params: applyUpdates(arrayOps, current, next.updates), moments: next.state },
        loss: value,
      };
    },
    state: { params, moments: rule(hostArrayOps).init(params) },
    data,
  };
}
