/**
 * Failure converter with encrypted message and stack. Given by path to clients, workers and the workflow bundler: forgetting one
 * of them leaves plain failure messages in histories. Imports nothing but @temporalio/common, for it is bundled into workflows.
 * Failure types stay plain always (they are error codes).
 */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
