/** Creates a ticket, with the step's key as Idempotency-Key (../README.md, "Data"): sending it again does no more than once. */
import { z } from 'zod';
import type { Action } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import { readInput } from '#connector-sdk/read-input.js';
import { HawserError } from '#domain/errors.js';
import { endpoints } from '../endpoints.js';
import { idSchema, oneTicketSchema, ticketsSchema } from '../guards.js';
import { externalId, words } from '../organization-input.js';

const inputSchema = z.strictObject({
  subject: z.string().min(1),
  comment: z.string().min(1),
  priority: z.enum(['urgent', 'high', 'normal', 'low']).optional(),
  organization_id: idSchema.optional(),
  requester_id: idSchema.optional(),
  external_id: externalId.optional(),
  tags: words.optional(),
});

/** Zendesk's clock and ours. */
const CLOCKS_APART_MS = 10 * 60_000;

const shown = ({
  id,
  status,
}: {
  id: number | string;
  status?: string | null | undefined;
}): Record<string, unknown> => ({
  id,
  status: status ?? null,
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
    return shown(readAnswer(oneTicketSchema, response, 'ticket').ticket);
  },

  canLookUp: (input) => input.external_id !== undefined,

  /** For when the key is forgotten. External ids of tickets need not be unique, so subject and time must fit too. */
  async lookUp(context, input, _, firstSentAt = 0) {
    const { external_id: wanted, subject } = readInput(inputSchema, input);
    if (wanted === undefined) throw new HawserError('outcome_unknown');
    const response = await context.call({
      method: 'GET',
      path: endpoints.tickets,
      query: { external_id: wanted },
      requirement: 'tickets:read',
    });
    const { tickets } = readAnswer(ticketsSchema, response, 'list of tickets');
    const found = tickets.find(
      (ticket) =>
        ticket.external_id === wanted &&
        ticket.subject === subject &&
        Date.parse(ticket.created_at ?? '') >= firstSentAt - CLOCKS_APART_MS,
    );
    return found ? shown(found) : null;
  },
};
