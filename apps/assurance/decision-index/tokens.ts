/** Injection token of the process's `LiveIndex`. */
export const LIVE_INDEX = Symbol('LiveIndex');
