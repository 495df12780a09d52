/** Folder with the compiled library and the URL to import it by. */
export function compileEmbedded(): Promise<{ folder: string; module: string }>;
