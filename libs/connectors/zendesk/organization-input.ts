/** Guards of what mappings give for an organization. */
import { z } from 'zod';
import { exactKey } from '#connector-sdk/exact-key.js';

/** Compared without case at Zendesk (README.md, "Data"); ids may be numbers at the source. */
export const externalId = exactKey;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * Tags and domains as Zendesk reads them: no blanks within, in lower case, once each; a list, or one text with commas or blanks between
 * ("vip, gold customer" is three tags). What is sent is then what Zendesk keeps, so that it can be compared with what stands there.
 */
export const words = z
  .union([z.array(scalar), scalar], 'give a list of texts, or one text with commas between')
  .transform((given) => {
    const texts = [given].flat().map((one) => (one === null ? '' : String(one).toLowerCase()));
    return [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean))];
  });

const customValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

export const organizationFields = {
  name: z.string().trim().min(1, 'a name is required'),
  details: z.string().nullish(),
  notes: z.string().nullish(),
  domain_names: words.optional(),
  tags: words.optional(),
  organization_fields: z.record(z.string(), customValue).optional(),
};
