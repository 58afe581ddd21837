/** Salesforce as data: no function, so that the gateway may read it. Facts: README.md. */
import type { ConnectorManifest, FieldSchema } from '#connector-sdk/manifest.js';
import { salesforceTokenErrors } from './token-errors.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Of an object or a field. */
const API_NAME = '^[A-Za-z]\\w{0,79}$';

const FIELDS_HINT =
  'API name -> value; null clears. A multi-select takes a list. A parent by its external id: name of the relationship -> {"<external id field>": value}.';

const allowDuplicates: FieldSchema = {
  name: 'allowDuplicates',
  label: 'Save in spite of a duplicate rule that only warns',
  type: 'boolean',
  required: false,
  hint: 'true or false. A rule that blocks is not passed by it.',
};

export const salesforceManifest: ConnectorManifest = {
  app: 'salesforce',
  name: 'Salesforce',
  description: 'Reads and writes records of a Salesforce org (production, sandbox or by its My Domain).',
  documentationUrl: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/',
  settings: [
    {
      name: 'environment',
      label: 'Environment',
      hint: 'A sandbox is another org with other users: it needs its own connection.',
      type: 'select',
      required: true,
      default: 'production',
      options: [
        { value: 'production', label: 'Production or Developer Edition (login.salesforce.com)' },
        { value: 'sandbox', label: 'Sandbox (test.salesforce.com)' },
        { value: 'custom', label: 'My Domain' },
      ],
    },
    {
      name: 'domain',
      label: 'My Domain host',
      hint: 'Needed for "My Domain" only: the host without https://, in lower case, such as acme.my.salesforce.com, acme--uat.sandbox.my.salesforce.com or acme.my.salesforce.mil (not lightning.force.com).',
      type: 'text',
      required: false,
      requiredWhen: { setting: 'environment', value: 'custom' },
      pattern:
        '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9-]{1,63})?\\.my\\.(salesforce\\.(com|mil)|site\\.com|sfcrmproducts\\.cn)$',
    },
  ],
  auth: {
    type: 'oauth2_authorization_code',
    authorizeUrl: 'https://{environment}/services/oauth2/authorize',
    tokenUrl: 'https://{environment}/services/oauth2/token',
    // Revoking a refresh token ends its access tokens; revoking an access token leaves the refresh token (2.3).
    revocation: { kind: 'rfc7009', url: 'https://{environment}/services/oauth2/revoke', token: 'refresh_token' },
    substitutions: {
      environment: { production: 'login.salesforce.com', sandbox: 'test.salesforce.com', custom: '{domain}' },
    },
    scopes: ['api', 'refresh_token', 'id', 'openid'],
    scopeSeparator: ' ',
    pkce: 'S256',
    clientAuthentication: 'client_secret_post',
    tokenRequestFormat: 'form',
    // 2.2: the sixth approval ends the oldest refresh token without a word.
    approvalsPerUser: 5,
    tokenErrors: salesforceTokenErrors,
  },
  policy: {
    // Refresh token rotation is a setting of the app client; mandatory for multi-org apps since May 2026 (2.2).
    rotates: 'maybe',
    graceMs: 0,
    reuse: 'kills_family',
    // No `expires_in` in the classic flows; the life is the org's session time-out, unknown to a client (2.2).
    accessTokenLifetimeMs: null,
    refreshTokenIdleMs: 30 * DAY,
    grantLifetimeMs: null,
    earliestUsefulRefreshMs: 5_000,
    marginMs: 5 * MINUTE,
    oldAccessTokenDies: false,
    revokeOldGrantAfterSwap: true,
  },
  triggers: [
    {
      name: 'new_or_updated_account',
      label: 'New or updated account',
      description: 'Every account that is created or changed, each change once, in the order of its SystemModstamp.',
      input: [
        {
          name: 'since',
          label: 'Since',
          type: 'datetime',
          words: ['beginning', 'now'],
          required: false,
          hint: '"beginning": every account that exists; "now" (default): only what changes from here on; or a date, with a time or without, such as 2026-01-31, 2026-01-31T09:00:00+01:00 or as Salesforce writes it (UTC where no zone is named).',
        },
      ],
      requirements: ['Account:read'],
      eventObject: 'Account',
      pollIntervalMs: 5_000,
    },
  ],
  actions: [
    {
      name: 'create_record',
      label: 'Create a record',
      description:
        'Creates one record. Salesforce has no idempotency key here: an unanswered request is looked up by the external id field, if one is named, and otherwise stops the job.',
      input: [
        {
          name: 'object',
          label: 'Object',
          type: 'string',
          pattern: API_NAME,
          required: true,
          hint: 'API name, such as Account or Invoice__c.',
          picklist: 'objects',
        },
        { name: 'fields', label: 'Fields', type: 'object', required: true, hint: FIELDS_HINT },
        {
          name: 'externalIdField',
          label: 'External id field',
          type: 'string',
          pattern: API_NAME,
          required: false,
          hint: 'A field of `fields` that is unique at Salesforce; by it an unanswered request is looked up.',
        },
        allowDuplicates,
      ],
      openInput: false,
      output: [{ name: 'id', label: 'Record id (18 characters)', type: 'string', required: true }],
      requirements: [],
      idempotent: false,
    },
    {
      name: 'upsert_record',
      label: 'Create or update a record by external id',
      description: 'Creates the record, or updates the one that has this external id.',
      input: [
        {
          name: 'object',
          label: 'Object',
          type: 'string',
          pattern: API_NAME,
          required: true,
          hint: 'API name, such as Account.',
          picklist: 'objects',
        },
        {
          name: 'externalIdField',
          label: 'External id field',
          type: 'string',
          pattern: API_NAME,
          required: true,
          hint: 'API name of a field that is marked "External ID".',
        },
        { name: 'externalId', label: 'External id', type: 'string', required: true },
        {
          name: 'fields',
          label: 'Fields',
          type: 'object',
          required: true,
          hint: `${FIELDS_HINT} Without the external id itself.`,
        },
        allowDuplicates,
      ],
      openInput: false,
      output: [
        { name: 'id', label: 'Record id (18 characters)', type: 'string', required: false },
        { name: 'created', label: 'Newly created', type: 'boolean', required: true },
      ],
      requirements: [],
      idempotent: true,
    },
    {
      name: 'update_record',
      label: 'Update a record',
      description: 'Sets fields of one record.',
      input: [
        {
          name: 'object',
          label: 'Object',
          type: 'string',
          pattern: API_NAME,
          required: true,
          hint: 'API name, such as Account.',
          picklist: 'objects',
        },
        {
          name: 'id',
          label: 'Record id',
          type: 'string',
          pattern: '^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$',
          required: true,
        },
        { name: 'fields', label: 'Fields', type: 'object', required: true, hint: FIELDS_HINT },
        allowDuplicates,
      ],
      openInput: false,
      output: [{ name: 'id', label: 'Record id', type: 'string', required: true }],
      requirements: [],
      idempotent: true,
    },
  ],
  picklists: [
    { name: 'objects', label: 'Objects', parameters: [] },
    {
      name: 'picklist_values',
      label: 'Values of a picklist field',
      parameters: ['object', 'field', 'controllingValue'],
    },
  ],
};
