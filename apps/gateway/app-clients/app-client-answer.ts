import type { z } from 'zod';
import type { AppClientSchema } from '#contract/app-clients/app-client-shape.js';
import type { AppClientDocument } from '#store/documents.js';

/** Never the secret, sealed or not. */
export function appClientOf(client: AppClientDocument): z.infer<typeof AppClientSchema> {
  const { _id, app, name, clientId, sealedSecret, createdAt } = client;
  return { id: _id, app, name, clientId, hasSecret: sealedSecret !== null, createdAt };
}
