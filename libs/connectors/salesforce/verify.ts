/** Active proof (README.md, "Who am I"): who am I, may I use the API, and have I the rights that recipes need. */
import { classifiedError, evidenceOf } from '#connector-sdk/classified-error.js';
import type { AppContext, AppResponse, VerifyResult } from '#connector-sdk/connector.js';
import { readAnswer } from '#connector-sdk/read-answer.js';
import type { MissingRequirement } from '#domain/grant.js';
import { checkRequirement, type Described } from './check-requirement.js';
import { API_USE, classify } from './classify.js';
import { describeIfVisible } from './describe.js';
import { endpoints } from './endpoints.js';
import { userinfoSchema, type Describe } from './guards.js';
import { longId } from './record-id.js';

const NOBODY = { account: { id: '', label: '' }, instance: { id: '', url: '', label: '' }, missing: [], satisfied: [] };

/** Identity = organization id and user id (2.3): a reconnect as another user, or to another org, is noticed by them. */
export async function verify(context: AppContext, requirements: string[]): Promise<VerifyResult> {
  const who = await ask(context, endpoints.userinfo);
  if (who.outcome === 'rejected') return { accepted: false, ...NOBODY, ...who.said };
  if (who.outcome === 'refused') throw who.error;
  const user = readAnswer(userinfoSchema, who.response, 'Salesforce user');
  const limits = await ask(context, endpoints.limits);
  if (limits.outcome === 'rejected') return { accepted: false, ...NOBODY, ...limits.said };
  const identity = {
    accepted: true,
    account: { id: longId(user.user_id), label: user.preferred_username ?? user.name ?? longId(user.user_id) },
    instance: {
      id: longId(user.organization_id),
      url: context.instanceUrl,
      label: new URL(context.instanceUrl).hostname,
    },
  };
  if (limits.outcome === 'refused') {
    const missing = [...new Set([API_USE, ...requirements])].map((requirement) => ({
      requirement,
      text: limits.error.message,
    }));
    return { ...identity, missing, satisfied: [] };
  }
  return { ...identity, ...(await checkAll(context, requirements)) };
}

type Asked =
  | { outcome: 'answered'; response: AppResponse }
  | { outcome: 'rejected'; said: ReturnType<typeof evidenceOf> }
  /** The API as a whole is refused to this user. */
  | { outcome: 'refused'; error: Error };

async function ask(context: AppContext, path: string): Promise<Asked> {
  const request = { method: 'GET', path } as const;
  const response = await context.ask(request);
  const judged = classify(request, response);
  if (judged.kind === 'ok') return { outcome: 'answered', response };
  if (judged.code === 'access_token_rejected') return { outcome: 'rejected', said: evidenceOf(judged, response) };
  const error = classifiedError(judged, response);
  if (judged.code === 'right_missing') return { outcome: 'refused', error };
  throw error;
}

async function checkAll(
  context: AppContext,
  requirements: string[],
): Promise<Pick<VerifyResult, 'missing' | 'satisfied'>> {
  const descriptions = new Map<string, Promise<Describe | null>>();
  const described: Described = (object) => {
    const known = descriptions.get(object) ?? describeIfVisible(context, object);
    descriptions.set(object, known);
    return known;
  };
  const missing: MissingRequirement[] = [];
  const satisfied: string[] = [];
  for (const requirement of new Set(requirements)) {
    const text = requirement === API_USE ? null : await checkRequirement(requirement, described);
    if (text === null) satisfied.push(requirement);
    else missing.push({ requirement, text });
  }
  return { missing, satisfied };
}
