/** Every sealed box of the store, with what it is bound to and how another one is put in its place. */
import type { SealBinding, Sealed } from '#domain/sealed.js';
import type { Store } from '#store/connect-store.js';
import type { AppClientDocument, AttemptDocument, CredentialDocument } from '#store/documents.js';
import { everyDocument } from '../every-document.js';
import { credentialBinding } from '../vault/store-vault.js';

export interface SealedPlace {
  /** Collection and `_id`, such as `credentials/con_…/3`: names the document to an operator. */
  name: string;
  sealed: Sealed;
  binding: SealBinding;
  /** The document, where it is a credential version. */
  credential: CredentialDocument | null;
  /** By compare-and-set on the old box; false when it was changed or destroyed meanwhile. */
  replace(fresh: Sealed): Promise<boolean>;
}

type Stores = Pick<Store, 'credentials' | 'appClients' | 'attempts'>;

export async function* sealedPlaces(store: Stores): AsyncGenerator<SealedPlace> {
  for await (const document of everyDocument((page) => store.credentials.listForReseal(page))) {
    yield ofCredential(store, document);
  }
  for await (const document of everyDocument((page) => store.appClients.listForReseal(page))) {
    yield* ofAppClient(store, document);
  }
  for await (const document of everyDocument((page) => store.attempts.listForReseal(page))) {
    yield* ofAttempt(store, document);
  }
}

function ofCredential(store: Stores, credential: CredentialDocument): SealedPlace {
  const { _id, workspaceId, connectionId, version, sealed } = credential;
  return {
    name: `credentials/${_id}`,
    sealed,
    binding: credentialBinding({ workspaceId, connectionId }, version),
    credential,
    replace: (fresh) => store.credentials.replaceSealed(workspaceId, connectionId, version, sealed, fresh),
  };
}

/** A public client has no secret. */
function* ofAppClient(store: Stores, { _id, workspaceId, sealedSecret }: AppClientDocument): Generator<SealedPlace> {
  if (sealedSecret === null) return;
  yield {
    name: `appclients/${_id}`,
    sealed: sealedSecret,
    binding: { workspaceId, subject: _id, purpose: 'client_secret', version: 1 },
    credential: null,
    replace: (fresh) => store.appClients.replaceSealed(workspaceId, _id, sealedSecret, fresh),
  };
}

/** A closed attempt holds nothing sealed any more. */
function* ofAttempt(store: Stores, attempt: AttemptDocument): Generator<SealedPlace> {
  const { _id, workspaceId } = attempt;
  const purposes = { sealedVerifier: 'verifier', sealedCode: 'answer' } as const;
  for (const field of ['sealedVerifier', 'sealedCode'] as const) {
    const sealed = attempt[field];
    if (sealed === null) continue;
    yield {
      name: `attempts/${_id}`,
      sealed,
      binding: { workspaceId, subject: _id, purpose: purposes[field], version: 1 },
      credential: null,
      replace: (fresh) => store.attempts.replaceSealed(workspaceId, _id, field, sealed, fresh),
    };
  }
}
