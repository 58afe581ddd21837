import { findManifest } from '#connectors/manifests.js';
import type { RecipeDefinition } from '#domain/recipe.js';
import { expressionsOf } from '#mapping/trigger-fields.js';
import type { RecipeDocument } from '#store/documents.js';
import type { ConnectionView } from '#workflows/connection/messages.js';
import { glanceAtConnection } from '../connections/read-connection.js';
import type { GatewayServices } from '../ports.js';
import { reportBinding, type BindingReport, type BindingWait } from './binding-report.js';
import { requirementsOf } from './requirements-of.js';

export interface BindingReports {
  reports: BindingReport[];
  /** Connection id -> its view as it was seen. */
  views: Map<string, ConnectionView>;
}

/** Looks at every bound connection of a recipe, each once and all side by side. */
export async function reportBindings(
  services: GatewayServices,
  recipe: Pick<RecipeDocument, 'workspaceId' | 'definition' | 'bindings'>,
  waits: ReadonlyMap<string, BindingWait[]> = new Map(),
): Promise<BindingReports> {
  const { workspaceId, definition, bindings } = recipe;
  const ids = [
    ...new Set(Object.values(bindings).flatMap(({ connectionId }) => (connectionId === null ? [] : [connectionId]))),
  ];
  const views = new Map<string, ConnectionView>();
  await Promise.all(
    ids.map(async (id) => {
      const view = await viewOrNull(services, workspaceId, id);
      if (view) views.set(id, view);
    }),
  );
  const fields = missingTriggerFields(definition, [...views.values()]);
  const requirements = requirementsOf(definition, bindings, findManifest, fields);
  const reports = Object.entries(bindings).map(([binding, { app, connectionId }]) =>
    reportBinding({
      binding,
      app,
      manifest: findManifest(app),
      connectionId,
      view: connectionId === null ? null : (views.get(connectionId) ?? null),
      requirements: (connectionId !== null && requirements.get(connectionId)) || [],
      waits: (connectionId !== null && waits.get(connectionId)) || [],
    }),
  );
  return { reports, views };
}

/** Of the fields that proofs miss, those that the recipe reads of its event: told by the text, since reading expressions takes long. */
function missingTriggerFields({ steps }: RecipeDefinition, views: readonly ConnectionView[]): string[] {
  const expressions = expressionsOf(steps).filter((expression) => expression.includes('trigger'));
  const missing = views.flatMap(({ proof }) => proof?.missing ?? []);
  return missing.flatMap(({ requirement }) => {
    const field = /^\w+\.(.+):read$/.exec(requirement)?.[1];
    return field !== undefined && expressions.some((expression) => expression.includes(field)) ? [field] : [];
  });
}

async function viewOrNull(services: GatewayServices, workspaceId: string, id: string): Promise<ConnectionView | null> {
  try {
    return (await glanceAtConnection(services, workspaceId, id)).view;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not_found') return null;
    throw error;
  }
}
