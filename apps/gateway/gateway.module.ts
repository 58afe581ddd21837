/** The endpoints, and what stands around all of them. */
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { DeleteAppClient } from './app-clients/delete-app-client.js';
import { GetAppClient } from './app-clients/get-app-client.js';
import { GetAppClients } from './app-clients/get-app-clients.js';
import { PatchAppClient } from './app-clients/patch-app-client.js';
import { PostAppClients } from './app-clients/post-app-clients.js';
import { AuthorizeConnection } from './connections/authorize-connection.js';
import { DecideCandidate } from './connections/decide-candidate.js';
import { DeleteAttempt } from './connections/delete-attempt.js';
import { DeleteConnection } from './connections/delete-connection.js';
import { DisconnectConnection } from './connections/disconnect-connection.js';
import { GetAttempt } from './connections/get-attempt.js';
import { GetConnection } from './connections/get-connection.js';
import { GetConnectionUsage } from './connections/get-connection-usage.js';
import { GetConnections } from './connections/get-connections.js';
import { GetTimeline } from './connections/get-timeline.js';
import { PatchConnection } from './connections/patch-connection.js';
import { PostConnections } from './connections/post-connections.js';
import { RefreshConnection } from './connections/refresh-connection.js';
import { VerifyConnection } from './connections/verify-connection.js';
import { GetConnector } from './connectors/get-connector.js';
import { GetConnectors } from './connectors/get-connectors.js';
import { GetConnectLink } from './consent/get-connect-link.js';
import { GetOauthCallback } from './consent/get-oauth-callback.js';
import { PostConnectLink } from './consent/post-connect-link.js';
import { GetEventStream } from './events/get-event-stream.js';
import { GetEvents } from './events/get-events.js';
import { EventTail } from './events/event-tail.js';
import { OpenStreams } from './events/open-streams.js';
import { CancelJob } from './jobs/cancel-job.js';
import { GetJob } from './jobs/get-job.js';
import { GetJobs } from './jobs/get-jobs.js';
import { RebindJob } from './jobs/rebind-job.js';
import { RerunJob } from './jobs/rerun-job.js';
import { GetObject } from './metadata/get-object.js';
import { GetObjects } from './metadata/get-objects.js';
import { GetPicklist } from './metadata/get-picklist.js';
import { GatewayServices } from './ports.js';
import { ProblemFilter } from './problems/problem-filter.js';
import { DeleteRecipe } from './recipes/delete-recipe.js';
import { GetRecipe } from './recipes/get-recipe.js';
import { GetRecipeConnections } from './recipes/get-recipe-connections.js';
import { GetRecipes } from './recipes/get-recipes.js';
import { PatchRecipe } from './recipes/patch-recipe.js';
import { PostRecipes } from './recipes/post-recipes.js';
import { StartRecipe } from './recipes/start-recipe.js';
import { StopRecipe } from './recipes/stop-recipe.js';
import { ContractPipe } from './routes/contract-pipe.js';
import { GetLive } from './service/get-live.js';
import { GetReady } from './service/get-ready.js';

export const ENDPOINT_CLASSES: Type[] = [
  GetConnectors,
  GetConnector,
  PostAppClients,
  GetAppClients,
  GetAppClient,
  PatchAppClient,
  DeleteAppClient,
  PostConnections,
  GetConnections,
  GetConnection,
  PatchConnection,
  DeleteConnection,
  AuthorizeConnection,
  GetAttempt,
  DeleteAttempt,
  DecideCandidate,
  VerifyConnection,
  RefreshConnection,
  DisconnectConnection,
  GetConnectionUsage,
  GetTimeline,
  GetEvents,
  GetEventStream,
  GetObjects,
  GetObject,
  GetPicklist,
  PostRecipes,
  GetRecipes,
  GetRecipe,
  PatchRecipe,
  DeleteRecipe,
  StartRecipe,
  StopRecipe,
  GetRecipeConnections,
  GetJobs,
  GetJob,
  CancelJob,
  RebindJob,
  RerunJob,
  GetConnectLink,
  PostConnectLink,
  GetOauthCallback,
  GetLive,
  GetReady,
];

@Module({})
export class GatewayModule {
  static over(services: GatewayServices): DynamicModule {
    return {
      module: GatewayModule,
      controllers: ENDPOINT_CLASSES,
      providers: [
        { provide: GatewayServices, useValue: services },
        EventTail,
        OpenStreams,
        { provide: APP_PIPE, useClass: ContractPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(services.log) },
        {
          provide: APP_INTERCEPTOR,
          useFactory: (reflector: Reflector) => new StandardSchemaSerializerInterceptor(reflector),
          inject: [Reflector],
        },
      ],
    };
  }
}
