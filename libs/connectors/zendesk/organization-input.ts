/** Guards of what mappings give for an organization. */
import { z } from 'zod';

/** Compared without case at Zendesk (saas-apis.md 3.6); ids may be numbers at the source. */
export const externalId = z.union([z.string().min(1), z.number()], 'give a text or a number').transform(String);

/** A single text is taken for a list of one: JSONata unpacks such lists. */
const textList = z.union([z.array(z.string()), z.string().transform((text) => [text])]);

const customValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

export const organizationFields = {
  name: z.string().trim().min(1, 'a name is required'),
  details: z.string().nullish(),
  notes: z.string().nullish(),
  domain_names: textList.optional(),
  tags: textList.optional(),
  organization_fields: z.record(z.string(), customValue).optional(),
};
