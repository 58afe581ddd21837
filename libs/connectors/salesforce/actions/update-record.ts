/** Sets fields of one record: the same request twice leaves the same record. */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { isAsWished } from '#connector-sdk/is-as-wished.js';
import { readInput } from '#connector-sdk/read-input.js';
import { requirementKey } from '#connector-sdk/requirement-key.js';
import { endpoints } from '../endpoints.js';
import { duplicateHeader } from '../duplicate-hint.js';
import { findRecord } from '../find-record.js';
import { objectName, recordFields, recordId } from '../record-fields.js';
import { longId } from '../record-id.js';
import { sendFields } from '../send-fields.js';

const inputSchema = z.strictObject({
  object: objectName,
  id: recordId,
  fields: recordFields,
  allowDuplicates: z.boolean().optional(),
});

export const updateRecord: Action = {
  async run(context, input) {
    const { object, id, fields, allowDuplicates } = readInput(inputSchema, input);
    const { Id: _, ...body } = fields;
    const request = {
      method: 'PATCH',
      path: endpoints.record(object, id),
      idempotent: true,
      requirement: requirementKey(object, 'edit'),
      ...duplicateHeader(allowDuplicates),
    } as const;
    await sendFields(context, request, object, body);
    return { id: longId(id) };
  },

  async lookUp(context, input) {
    const { object, id, fields } = readInput(inputSchema, input);
    const found = await findRecord(context, endpoints.record(object, id));
    const { Id: _, ...wished } = fields;
    return found && isAsWished(wished, found) ? { id: longId(id) } : null;
  },
};
