/** Levels of a count that a detector of change tells apart. */
export interface CusumOptions {
  /** Expected counts of a sample before the change. */
  readonly before: number;
  /** Expected counts of a sample after it. */
  readonly after: number;
  /** Alarm where the log likelihood ratio reaches it: a false one in more than $e^h$ samples. */
  readonly threshold: number;
}

/**
 * Page's cumulative sum test for a change of a Poisson level.
 *
 * $S_n = \max(0, S_{n-1} + k_n \ln(\lambda_1/\lambda_0) - (\lambda_1 - \lambda_0))$.
 *
 * @returns a function that takes the next sample's counts and says whether the alarm is raised
 * @source Page 1954, "Continuous inspection schemes", Biometrika 41
 */
export function cusum({ before, after, threshold }: CusumOptions): (counts: number) => boolean {
  const perCount = Math.log(after / before);
  const perSample = after - before;
  let sum = 0;
  return (counts) => {
    sum = Math.max(0, sum + counts * perCount - perSample);
    return sum >= threshold;
  };
}
