/** Under which names it is kept how far the log has come in each feed. */
export const FEED_NAMES = { events: 'log-events', records: 'log-records' } as const;
