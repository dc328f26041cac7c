/** How samples are collected, as the paper did: a beam anywhere in a square, dwells of 1 to 5 s. */
export const randomCollection = {
  squareBonds: 2,
  dwellTimesS: [1, 5],
  stepsPerTrajectory: 20,
} as const;
