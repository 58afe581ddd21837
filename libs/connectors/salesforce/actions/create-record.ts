/** Creates a record. Not idempotent: Salesforce has no idempotency key for it (../README.md, "Data"). */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { HawserError } from '#domain/errors.js';
import { endpoints } from '../endpoints.js';
import { duplicateHeader } from '../duplicate-hint.js';
import { findRecord } from '../find-record.js';
import { savedSchema } from '../guards.js';
import { fieldName, objectName, recordFields } from '../record-fields.js';
import { longId } from '../record-id.js';
import { sendFields } from '../send-fields.js';

const inputSchema = z.strictObject({
  object: objectName,
  fields: recordFields,
  externalIdField: fieldName.optional(),
  allowDuplicates: z.boolean().optional(),
});

export const createRecord: Action = {
  async run(context, input) {
    const { object, fields, allowDuplicates } = readInput(inputSchema, input);
    const request = {
      method: 'POST',
      path: endpoints.object(object),
      idempotent: false,
      requirement: requirementKey(object, 'create'),
      ...duplicateHeader(allowDuplicates),
    } as const;
    const response = await sendFields(context, request, object, fields);
    return { id: longId(readAnswer(savedSchema, response, 'answer to the creation of a record').id) };
  },

  canLookUp: (input) => input.externalIdField !== undefined,

  /** By the external id, if the input names one; else it cannot be told (throws `outcome_unknown`). */
  async lookUp(context, input) {
    const { object, fields, externalIdField } = readInput(inputSchema, input);
    const value = externalIdField === undefined ? null : fields[externalIdField];
    if (externalIdField === undefined || value === null || value === undefined || value === '')
      throw new HawserError('outcome_unknown');
    const found = await findRecord(context, endpoints.byExternalId(object, externalIdField, String(value)));
    return found ? { id: longId(found.Id) } : null;
  },
};
