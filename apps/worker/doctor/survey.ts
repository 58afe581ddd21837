/** What several checks look at, read once: projections, and the boxes of the vault. */
import type { Store } from '#store/connect-store.js';
import type { ConnectionDocument, RecipeDocument } from '#store/documents.js';
import type { ConnectionState } from '#workflows/connection/state.js';
import { everyDocument } from '../every-document.js';
import { sealedPlaces, type SealedPlace } from '../keys/sealed-places.js';

export interface Survey {
  connections(): Promise<SurveyedConnection[]>;
  recipes(): Promise<RecipeDocument[]>;
  places(): Promise<SealedPlace[]>;
}

/** A living connection with the state of its projection. */
export interface SurveyedConnection {
  document: ConnectionDocument;
  state: ConnectionState;
}

export function createSurvey(store: Store): Survey {
  const once = <T>(read: () => Promise<T>): (() => Promise<T>) => {
    let answer: Promise<T> | undefined;
    return () => (answer ??= read());
  };
  return {
    connections: once(async () => {
      const all: SurveyedConnection[] = [];
      for await (const document of everyDocument((page) => store.connections.listForRebuild(page))) {
        if (!document.deleted) all.push({ document, state: JSON.parse(document.state) as ConnectionState });
      }
      return all;
    }),
    recipes: once(async () => {
      const all: RecipeDocument[] = [];
      for await (const document of everyDocument((page) => store.recipes.listForRebuild(page)))
        if (!document.deleted) all.push(document);
      return all;
    }),
    places: once(async () => {
      const all: SealedPlace[] = [];
      for await (const place of sealedPlaces(store)) all.push(place);
      return all;
    }),
  };
}
