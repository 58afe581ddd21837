/** An OAuth client registration at an app. The secret is sealed when it comes in and never returned. */
import { z } from 'zod';
import { TimeSchema } from '../fields.js';

export const AppClientSchema = z
  .object({
    id: z.string(),
    app: z.string(),
    name: z.string(),
    clientId: z.string(),
    hasSecret: z.boolean(),
    createdAt: TimeSchema,
  })
  .meta({ id: 'AppClient' });
