/** Creates or updates by an external id: Salesforce's natural idempotency key (../README.md, "Data"). */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { isAsWished } from '#connector-sdk/is-as-wished.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { endpoints } from '../endpoints.js';
import { duplicateHeader } from '../duplicate-hint.js';
import { findRecord } from '../find-record.js';
import { upsertedSchema } from '../guards.js';
import { externalId, fieldName, objectName, recordFields } from '../record-fields.js';
import { longId } from '../record-id.js';
import { sendFields } from '../send-fields.js';

const inputSchema = z.strictObject({
  object: objectName,
  externalIdField: fieldName,
  externalId,
  fields: recordFields,
  allowDuplicates: z.boolean().optional(),
});

export const upsertRecord: Action = {
  async run(context, input) {
    const { object, externalIdField, externalId: value, fields, allowDuplicates } = readInput(inputSchema, input);
    const body = without(fields, externalIdField);
    const request = {
      method: 'PATCH',
      path: endpoints.byExternalId(object, externalIdField, value),
      idempotent: true,
      requirement: requirementKey(object, 'edit'),
      ...duplicateHeader(allowDuplicates),
    } as const;
    const response = await sendFields(context, request, object, body);
    if (response.status === 204) return { created: false };
    const saved = readAnswer(upsertedSchema, response, 'answer to an upsert');
    return { id: longId(saved.id), created: saved.created ?? response.status === 201 };
  },

  async lookUp(context, input) {
    const { object, externalIdField, externalId: value, fields } = readInput(inputSchema, input);
    const found = await findRecord(context, endpoints.byExternalId(object, externalIdField, value));
    if (!found || !isAsWished(without(fields, externalIdField), found)) return null;
    // Nobody has changed it since it was made: then the lost request has made it.
    const created = typeof found.CreatedDate === 'string' && found.CreatedDate === found.LastModifiedDate;
    return { id: longId(found.Id), created };
  },
};

/** The key stands in the address and must not be repeated in the body (2.6). */
function without<T>(fields: Record<string, T>, name: string): Record<string, T> {
  const { [name]: _, ...rest } = fields;
  return rest;
}
