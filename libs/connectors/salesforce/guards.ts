/** The vendor's answers, as far as they are used. Further fields are let through unread. */
import { z } from 'zod';

export const errorRowSchema = z.object({
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  message: z.string().optional(),
  fields: z.array(z.string()).optional(),
});

export const userinfoSchema = z.object({
  user_id: z.string().min(15),
  organization_id: z.string().min(15),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

export const recordSchema = z.looseObject({ Id: z.string().min(15) });

export const querySchema = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.looseObject({})),
});

export const savedSchema = z.object({ id: z.string().min(15), success: z.literal(true) });

export const upsertedSchema = z.object({ id: z.string().min(15), created: z.boolean().optional() });

const objectSummaryShape = {
  name: z.string(),
  label: z.string(),
  custom: z.boolean().default(false),
  createable: z.boolean().default(false),
  updateable: z.boolean().default(false),
  deletable: z.boolean().default(false),
  queryable: z.boolean().default(false),
};

export const globalDescribeSchema = z.object({ sobjects: z.array(z.object(objectSummaryShape)) });

const picklistValueSchema = z.object({
  value: z.string(),
  label: z.string().nullish(),
  active: z.boolean().default(true),
  validFor: z.string().nullish(),
});

export const fieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  nillable: z.boolean().default(true),
  defaultedOnCreate: z.boolean().default(false),
  createable: z.boolean().default(false),
  updateable: z.boolean().default(false),
  externalId: z.boolean().default(false),
  dependentPicklist: z.boolean().default(false),
  controllerName: z.string().nullish(),
  picklistValues: z.array(picklistValueSchema).default([]),
});

export const describeSchema = z.object({ ...objectSummaryShape, fields: z.array(fieldSchema) });

export type Describe = z.output<typeof describeSchema>;
export type DescribedField = z.output<typeof fieldSchema>;
