/** A folder in memory for temporary files; `undefined` where there is none, or less room (bytes) than asked for. */
export function folderInMemory(memory?: string, room?: number): string | undefined;
