/** The vendor's answers, as far as they are used. Further fields are let through unread. */
import { z } from 'zod';
import { exactNumber } from '#connector-sdk/exact-key.js';

/** A number, or the text of its digits where a number cannot hold them (`exact-json.ts`). */
export const idSchema = z.union([exactNumber, z.string().regex(/^\d+$/)]);

export const meSchema = z.object({
  user: z.object({
    /** Null: nobody in particular (README.md, "Who am I"). */
    id: idSchema.nullable(),
    name: z.string().nullish(),
    role: z.string().nullish(),
    custom_role_id: idSchema.nullish(),
    suspended: z.boolean().nullish(),
  }),
});

export const customRolesSchema = z.object({
  custom_roles: z.array(
    z.object({
      id: idSchema,
      name: z.string().nullish(),
      configuration: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

export const organizationSchema = z.looseObject({
  id: idSchema,
  name: z.string(),
  external_id: z.string().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

export const oneOrganizationSchema = z.object({ organization: organizationSchema });
export const organizationsSchema = z.object({ organizations: z.array(organizationSchema) });

const ticketSchema = z.looseObject({
  id: idSchema,
  status: z.string().nullish(),
  external_id: z.string().nullish(),
  subject: z.string().nullish(),
  created_at: z.string().nullish(),
});
export const oneTicketSchema = z.object({ ticket: ticketSchema });
export const ticketsSchema = z.object({ tickets: z.array(ticketSchema) });

export const customFieldSchema = z.object({
  id: idSchema,
  key: z.string().nullish(),
  type: z.string(),
  title: z.string(),
  active: z.boolean().default(true),
  required: z.boolean().nullish(),
  custom_field_options: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});

export const customFieldsSchema = z.array(customFieldSchema);

export type Me = z.output<typeof meSchema>['user'];
export type CustomField = z.output<typeof customFieldSchema>;
