/** Zendesk Support as data: no function, so that the gateway may read it. Facts: README.md. */
import type { ConnectorManifest, FieldSchema } from '#connector-sdk/manifest.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const organizationInput: FieldSchema[] = [
  { name: 'details', label: 'Details', type: 'string', required: false, emptyClears: true },
  { name: 'notes', label: 'Notes', type: 'string', required: false, emptyClears: true },
  {
    name: 'domain_names',
    label: 'Domain names',
    type: 'array',
    required: false,
    hint: 'A list, or a text with commas or blanks between. Replaces the whole list; an empty list clears it.',
  },
  {
    name: 'tags',
    label: 'Tags',
    type: 'array',
    required: false,
    hint: 'A list, or a text with commas or blanks between: a tag has no blanks. Replaces the whole list; an empty list clears it.',
  },
  {
    name: 'organization_fields',
    label: 'Custom fields',
    type: 'object',
    required: false,
    hint: 'Key of the field -> value; for a drop-down its tag.',
  },
];

const organizationOutput: FieldSchema[] = [
  { name: 'id', label: 'Id', type: 'number', required: true },
  { name: 'name', label: 'Name', type: 'string', required: true },
  { name: 'external_id', label: 'External id', type: 'string', required: false },
  { name: 'updated_at', label: 'Updated at', type: 'datetime', required: false },
];

export const zendeskManifest: ConnectorManifest = {
  app: 'zendesk',
  name: 'Zendesk',
  description: 'Reads and writes organizations and tickets of a Zendesk Support account.',
  documentationUrl: 'https://developer.zendesk.com/api-reference/',
  settings: [
    {
      name: 'subdomain',
      label: 'Subdomain',
      hint: 'The first part of your address only: for https://acme.zendesk.com it is acme. A sandbox is a subdomain of its own.',
      type: 'text',
      required: true,
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
    },
  ],
  auth: {
    type: 'oauth2_authorization_code',
    authorizeUrl: 'https://{subdomain}.zendesk.com/oauth/authorizations/new',
    tokenUrl: 'https://{subdomain}.zendesk.com/oauth/tokens',
    // No RFC 7009 (3.2). 404 = it is gone already.
    revocation: {
      kind: 'bearer_request',
      method: 'DELETE',
      url: 'https://{subdomain}.zendesk.com/api/v2/oauth/tokens/current',
      gone: [404],
    },
    scopes: ['read', 'write'],
    scopeSeparator: ' ',
    pkce: 'S256',
    clientAuthentication: 'client_secret_post',
    tokenRequestFormat: 'json',
  },
  policy: {
    // A refresh deletes the previous pair at once (3.1).
    rotates: 'always',
    graceMs: 0,
    reuse: 'rejected',
    // Older clients' tokens never expire: then the answer says null.
    accessTokenLifetimeMs: null,
    refreshTokenIdleMs: 30 * DAY,
    grantLifetimeMs: null,
    earliestUsefulRefreshMs: 5_000,
    marginMs: 5 * MINUTE,
    oldAccessTokenDies: true,
    revokeOldGrantAfterSwap: true,
  },
  triggers: [],
  actions: [
    {
      name: 'create_or_update_organization',
      label: 'Create or update an organization',
      description:
        'Finds the organization by its external id and updates it, or creates it. Never matched by name: a name that another organization has is refused.',
      input: [
        {
          name: 'external_id',
          label: 'External id',
          type: 'string',
          required: true,
          hint: 'Compared without case: give 18-character Salesforce ids, never those of 15.',
        },
        { name: 'name', label: 'Name', type: 'string', required: true },
        ...organizationInput,
      ],
      openInput: false,
      output: [...organizationOutput, { name: 'created', label: 'Newly created', type: 'boolean', required: true }],
      requirements: ['organizations:write'],
      idempotent: true,
    },
    {
      name: 'create_organization',
      label: 'Create an organization',
      description:
        'Creates one organization. Zendesk has no idempotency key here: an unanswered request is looked up by the external id, if there is one, and otherwise stops the job.',
      input: [
        { name: 'name', label: 'Name', type: 'string', required: true },
        { name: 'external_id', label: 'External id', type: 'string', required: false },
        ...organizationInput,
      ],
      openInput: false,
      output: organizationOutput,
      requirements: ['organizations:write'],
      idempotent: false,
    },
    {
      name: 'create_ticket',
      label: 'Create a ticket',
      description:
        'Creates one ticket. The request carries an Idempotency-Key, so that sending it again does no more than once, for the two hours that Zendesk keeps a key. After that an unanswered request is looked up by the external id, if there is one, and otherwise stops the job.',
      input: [
        { name: 'subject', label: 'Subject', type: 'string', required: true },
        { name: 'comment', label: 'First comment', type: 'string', required: true },
        { name: 'priority', label: 'Priority', type: 'string', required: false, hint: 'urgent, high, normal or low.' },
        { name: 'organization_id', label: 'Organization id', type: 'number', required: false },
        { name: 'requester_id', label: 'Requester id', type: 'number', required: false },
        { name: 'external_id', label: 'External id', type: 'string', required: false },
        {
          name: 'tags',
          label: 'Tags',
          type: 'array',
          required: false,
          hint: 'A list, or a text with commas or blanks between: a tag has no blanks.',
        },
      ],
      openInput: false,
      output: [
        { name: 'id', label: 'Id', type: 'number', required: true },
        { name: 'status', label: 'Status', type: 'string', required: false },
      ],
      requirements: ['tickets:write'],
      // 3.6: the Idempotency-Key header exists for the creation of tickets (and for nothing else); the step's key is sent in it.
      idempotent: true,
      keyLifeMs: 2 * 60 * MINUTE,
    },
  ],
  picklists: [{ name: 'organization_field_options', label: 'Options of an organization field', parameters: ['field'] }],
};
