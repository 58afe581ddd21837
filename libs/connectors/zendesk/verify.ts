/** Active proof (README.md, "Who am I"): users/me may answer 200 for nobody in particular; that is no proof. */
import { classifiedError, evidenceOf } from '#connector-sdk/classified-error.js';
import type { AppContext, VerifyResult } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import type { MissingRequirement } from '#domain/grant.js';
import { checkRequirement, type Rights } from './check-requirement.js';
import { classify } from './classify.js';
import { endpoints } from './endpoints.js';
import { customRolesSchema, meSchema, type Me } from './guards.js';

const NOBODY = { account: { id: '', label: '' }, instance: { id: '', url: '', label: '' }, missing: [], satisfied: [] };

/** Identity = subdomain and user id. */
export async function verify(context: AppContext, requirements: string[]): Promise<VerifyResult> {
  const request = { method: 'GET', path: endpoints.me } as const;
  const response = await context.ask(request);
  const judged = classify(request, response);
  if (judged.kind === 'error' && judged.code === 'access_token_rejected')
    return { accepted: false, ...NOBODY, ...evidenceOf(judged, response) };
  if (judged.kind === 'error') throw classifiedError(judged, response);
  const { user } = readAnswer(meSchema, response, 'Zendesk user');
  if (user.id === null) return { accepted: false, ...NOBODY };
  const subdomain = context.settings.subdomain ?? new URL(context.instanceUrl).hostname.split('.')[0] ?? '';
  const checked = new Set(requirements);
  const rights: Rights = {
    scopes: context.scopes,
    user,
    configuration: checked.size > 0 ? await roleConfiguration(context, user) : null,
  };
  const missing: MissingRequirement[] = [];
  const satisfied: string[] = [];
  if (user.role !== 'agent' && user.role !== 'admin') {
    missing.push({
      requirement: 'user:agent',
      text: 'The connected user is an end user. Connect as an agent or an administrator.',
    });
  }
  for (const requirement of checked) {
    const text = requirement === 'user:agent' ? null : checkRequirement(requirement, rights);
    if (text !== null) missing.push({ requirement, text });
    else if (!missing.some((one) => one.requirement === requirement)) satisfied.push(requirement);
  }
  return {
    accepted: true,
    account: { id: String(user.id), label: user.name ?? String(user.id) },
    instance: { id: subdomain, url: context.instanceUrl, label: subdomain },
    missing,
    satisfied,
  };
}

/** The custom role's configuration; plans below Enterprise have no custom roles and answer 403 or 404 (3.3). */
async function roleConfiguration(context: AppContext, user: Me): Promise<Rights['configuration']> {
  if (user.custom_role_id === null || user.custom_role_id === undefined) return null;
  const request = { method: 'GET', path: endpoints.customRoles, longAnswer: true } as const;
  const response = await context.ask(request);
  const judged = classify(request, response);
  if (judged.kind === 'error') {
    if (response.status === 403 || response.status === 404) return null;
    throw classifiedError(judged, response);
  }
  const { custom_roles: roles } = readAnswer(customRolesSchema, response, 'list of custom roles');
  return roles.find(({ id }) => id === user.custom_role_id)?.configuration ?? null;
}
