export const emptyPage: string;
export function serve(
  reply: (url: URL) => Promise<[type: string, ...body: (string | Uint8Array)[]]>,
  headers?: Record<string, string>,
): Promise<{ url: string; close(): void }>;
export function scriptAt(path: string, folders: string[]): Promise<[type: string, body: Uint8Array]> | undefined;
