import { z } from 'zod';
import { hasLostDigits } from '#domain/exact-json.js';

const LOST = 'it is a number beyond 2^53, which has lost digits: take it as a text, without computing with it';

/** A number that names something (an external id): never one that has lost digits, since that may be a neighbour's. */
export const exactNumber = z.number().refine((value) => !hasLostDigits(value), LOST);

/** The key of a record: ids may be numbers at the source, and those with many digits come as texts. */
export const exactKey = z.union([z.string().min(1), exactNumber], `give a text or a number; ${LOST}`).transform(String);
