/** Something dear that is made when it is first asked for. */
export function lazily<T extends { dispose(): Promise<void> | void }>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get: (): Promise<T> => (made ??= make()),
    dispose: async (): Promise<void> => (await made)?.dispose(),
  };
}
