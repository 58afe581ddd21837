export type App = 'salesforce' | 'zendesk';

export interface FieldRights {
  read: boolean;
  edit: boolean;
}

export interface ObjectRights {
  read: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
  fields: Record<string, FieldRights>;
}

export type Role = 'admin' | 'agent' | 'end-user';

export interface User {
  id: string;
  username: string;
  password: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  createdAt: number;
  /** Only what was taken or restored by the control API; everything else is allowed. */
  rights: Record<string, ObjectRights>;
}

export interface Client {
  app: App;
  /** null: known in every org of the app. */
  org: string | null;
  clientId: string;
  clientSecret: string | null;
  redirectUris: string[] | 'any-loopback';
  pkceRequired: boolean;
  publicClient: boolean;
  name: string;
  numericId: number;
  createdBy: string | null;
}

export interface Grant {
  id: string;
  clientId: string;
  username: string;
  scopes: string[];
  createdAt: number;
  /** Live tokens only. */
  accessTokens: string[];
  refreshTokens: string[];
  refreshTtlSeconds: number | null;
  accessTtlSeconds: number | null;
  revoked: string | null;
}

export interface AccessToken {
  token: string;
  id: number;
  grantId: string | null;
  clientId: string;
  username: string;
  scopes: string[];
  issuedAt: number;
  expiresAt: number | null;
  ttlSeconds: number | null;
  usedAt: number | null;
  dead: string | null;
}

export interface RefreshToken {
  token: string;
  grantId: string;
  clientId: string;
  issuedAt: number;
  expiresAt: number | null;
  rotatedAt: number | null;
  /** Last refresh with it that brought no successor. */
  usedAt: number | null;
  dead: string | null;
}

export interface AuthorizationCode {
  code: string;
  clientId: string;
  username: string;
  redirectUri: string;
  scopes: string[];
  challenge: string | null;
  nonce: string | null;
  issuedAt: number;
  expiresAt: number;
  usedAt: number | null;
}

export interface Session {
  cookie: string;
  username: string;
  createdAt: number;
}
