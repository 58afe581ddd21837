/**
 * Design-time metadata through a connection. The gateway cannot open secrets, so it starts this short workflow and waits for
 * its result; the id names the question, so that many askers make one call.
 */
export const METADATA_WORKFLOW = 'metadataWorkflow';

export interface MetadataInput {
  workspaceId: string;
  connectionId: string;
  kind: 'objects' | 'object' | 'picklist';
  /** Object or picklist; empty for `objects`. */
  name: string;
  parameters: Record<string, string>;
}

/**
 * Fails with an ApplicationFailure whose type is the error code (`not_connected`, `right_missing`, `app_unavailable` …).
 * `items` for objects and picklists, `object` for one object schema.
 */
export interface MetadataResult {
  items?: (
    | { value: string; label: string }
    | { name: string; label: string; custom: boolean; createable: boolean; updateable: boolean }
  )[];
  object?: Record<string, unknown>;
  /** When the app answered (epoch ms) and with which credential version. */
  at: number;
  version: number;
}

/** Workflow id of one question; `parametersHash` is a short hash of the sorted parameters (plain ids must hold no data of people). */
export const metadataWorkflowId = (input: MetadataInput, parametersHash: string): string =>
  `metadata/${input.workspaceId}/${input.connectionId}/${input.kind}/${input.name}/${parametersHash}`;
