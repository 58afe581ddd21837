/**
 * What Temporal's NOT_FOUND says. It has one status for many things: a workflow that is gone, and a namespace or a shard that the server
 * cannot read just now, because its database restarts. Only the first is news about our workflow; taken for it, the others make a living
 * job a 404, a lost actor or an ended predecessor.
 */
import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';

/**
 * How the server (1.31) names an execution that is closed or not there: "workflow not found for ID: …", "workflow execution already
 * completed", "Workflow executionsRow not found …". Everything else counts as not known: "Namespace … is not found.", "ShardID 1 not
 * found", "query task not found".
 */
const EXECUTION_GONE = /^(workflow\b(?! task\b)|execution\b)/i;

/** Whether the failure says for certain that no workflow of that id runs. The client keeps the server's text as the message. */
export function isWorkflowGone(error: unknown): error is WorkflowNotFoundError {
  return error instanceof WorkflowNotFoundError && EXECUTION_GONE.test(error.message);
}

/** Whether the server does not know (just now) the namespace that was asked for. */
export function isNamespaceUnknown(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NamespaceNotFoundError) return true;
    if (NOT_FOUND_OF_NAMESPACE.test((cause as { details?: string }).details ?? cause.message)) return true;
  }
  return false;
}

const NOT_FOUND_OF_NAMESPACE = /^namespace\b.*\bnot found\b/i;

/** For people: true both for a database that restarts and for a setting that is wrong. */
export const NAMESPACE_UNKNOWN =
  'Temporal does not find its namespace: its database is starting, or TEMPORAL_NAMESPACE names none. Nothing is lost: repeat the request.';
