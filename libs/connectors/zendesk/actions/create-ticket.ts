/** Creates a ticket, with the step's key as Idempotency-Key (saas-apis.md 3.6): sending it again does no more than once. */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { endpoints } from '../endpoints.js';
import { oneTicketSchema } from '../guards.js';
import { externalId, words } from '../organization-input.js';

const inputSchema = z.strictObject({
  subject: z.string().min(1),
  comment: z.string().min(1),
  priority: z.enum(['urgent', 'high', 'normal', 'low']).optional(),
  organization_id: z.number().optional(),
  requester_id: z.number().optional(),
  external_id: externalId.optional(),
  tags: words.optional(),
});

export const createTicket: Action = {
  async run(context, input, stepKey) {
    const { comment, ...rest } = readInput(inputSchema, input);
    const response = await context.call({
      method: 'POST',
      path: endpoints.tickets,
      headers: { 'idempotency-key': stepKey },
      json: { ticket: { ...rest, comment: { body: comment } } },
      idempotent: true,
      requirement: 'tickets:write',
    });
    const { ticket } = readAnswer(oneTicketSchema, response, 'ticket');
    return { id: ticket.id, status: ticket.status ?? null };
  },
};
