/** A connection within its workspace: every question about one carries both. */
export interface ConnectionRef {
  workspaceId: string;
  connectionId: string;
}

/** One text for a connection, for maps. */
export const refKey = (ref: ConnectionRef): string => `${ref.workspaceId}/${ref.connectionId}`;
