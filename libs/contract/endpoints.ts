/** Every endpoint there is: the OpenAPI document and the contract's own tests are made from this list. */
import type { EndpointSpec } from './endpoint.js';
import { getConnector } from './connectors/get-connector.js';
import { getConnectors } from './connectors/get-connectors.js';
import { deleteAppClient } from './app-clients/delete-app-client.js';
import { getAppClient } from './app-clients/get-app-client.js';
import { getAppClients } from './app-clients/get-app-clients.js';
import { patchAppClient } from './app-clients/patch-app-client.js';
import { postAppClients } from './app-clients/post-app-clients.js';
import { authorizeConnection } from './connections/authorize-connection.js';
import { decideCandidate } from './connections/decide-candidate.js';
import { deleteAttempt } from './connections/delete-attempt.js';
import { deleteConnection } from './connections/delete-connection.js';
import { disconnectConnection } from './connections/disconnect-connection.js';
import { getAttempt } from './connections/get-attempt.js';
import { getConnectionUsage } from './connections/get-connection-usage.js';
import { getConnection } from './connections/get-connection.js';
import { getConnections } from './connections/get-connections.js';
import { patchConnection } from './connections/patch-connection.js';
import { postConnections } from './connections/post-connections.js';
import { getTimeline } from './connections/get-timeline.js';
import { refreshConnection } from './connections/refresh-connection.js';
import { verifyConnection } from './connections/verify-connection.js';
import { getEventStream } from './events/get-event-stream.js';
import { getEvents } from './events/get-events.js';
import { getObject } from './metadata/get-object.js';
import { getObjects } from './metadata/get-objects.js';
import { getPicklist } from './metadata/get-picklist.js';
import { deleteRecipe } from './recipes/delete-recipe.js';
import { getRecipeConnections } from './recipes/get-recipe-connections.js';
import { getRecipe } from './recipes/get-recipe.js';
import { getRecipes } from './recipes/get-recipes.js';
import { patchRecipe } from './recipes/patch-recipe.js';
import { postRecipes } from './recipes/post-recipes.js';
import { startRecipe } from './recipes/start-recipe.js';
import { stopRecipe } from './recipes/stop-recipe.js';
import { cancelJob } from './jobs/cancel-job.js';
import { getJob } from './jobs/get-job.js';
import { getJobs } from './jobs/get-jobs.js';
import { rebindJob } from './jobs/rebind-job.js';
import { rerunJob } from './jobs/rerun-job.js';
import { getConnectLink } from './consent/get-connect-link.js';
import { getOauthCallback } from './consent/get-oauth-callback.js';
import { postConnectLink } from './consent/post-connect-link.js';
import { getLive } from './service/get-live.js';
import { getReady } from './service/get-ready.js';

export const ENDPOINTS: readonly EndpointSpec[] = [
  getConnector,
  getConnectors,
  patchAppClient,
  deleteAppClient,
  getAppClient,
  getAppClients,
  postAppClients,
  authorizeConnection,
  decideCandidate,
  deleteAttempt,
  deleteConnection,
  disconnectConnection,
  getAttempt,
  getConnectionUsage,
  getConnection,
  getConnections,
  getTimeline,
  patchConnection,
  postConnections,
  refreshConnection,
  verifyConnection,
  getEvents,
  getEventStream,
  getObject,
  getObjects,
  getPicklist,
  deleteRecipe,
  getRecipeConnections,
  getRecipe,
  getRecipes,
  patchRecipe,
  postRecipes,
  startRecipe,
  stopRecipe,
  cancelJob,
  getJob,
  getJobs,
  rebindJob,
  rerunJob,
  getConnectLink,
  getOauthCallback,
  postConnectLink,
  getLive,
  getReady,
];
