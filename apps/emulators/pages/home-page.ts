import { escapeHtml, hiddenInputs, htmlPage } from '../core/html-page.js';
import type { Org, Row } from '../core/org.js';
import type { User } from '../core/types.js';
import { objectRights } from '../salesforce/rights.js';
import { sobject } from '../salesforce/schema/objects.js';
import { organizationRights } from '../zendesk/access.js';
import { recordPort } from '../control/records.js';

/** A form with one button; `inputs` is HTML. */
function form(action: string, values: Record<string, string>, inputs: string, button: string): string {
  return `<form method="post" action="/_page">${hiddenInputs({ do: action, ...values })}${inputs} <button type="submit">${escapeHtml(button)}</button></form>`;
}

function textInput(name: string, value: unknown, label: string): string {
  return `<input name="${name}" value="${escapeHtml(value)}" aria-label="${escapeHtml(label)}" placeholder="${escapeHtml(label)}">`;
}

function table(head: string[], rows: string[][]): string {
  const cells = (row: string[], tag: string): string => row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody></table>`;
}

function accounts(org: Org): string {
  const rows = recordPort(org, 'Account').list();
  const shown = (row: Row): string[] => [
    escapeHtml(row.Id),
    form(
      'change',
      { object: 'Account', id: String(row.Id) },
      textInput('Name', row.Name, 'Name') + textInput('Phone', row.Phone, 'Phone'),
      'Save',
    ),
    escapeHtml(row.Industry),
    escapeHtml(row.SystemModstamp),
  ];
  return `<h2>Accounts (${rows.length})</h2>${form('add', { object: 'Account' }, textInput('Name', '', 'Name') + textInput('Phone', '', 'Phone') + textInput('Industry', '', 'Industry'), 'Add account')}
${table(['Id', 'Name, phone', 'Industry', 'SystemModstamp'], rows.slice(-200).toReversed().map(shown))}`;
}

function organizationList(org: Org): string {
  const rows = recordPort(org, 'organizations').list();
  const shown = (row: Row): string[] => [
    escapeHtml(row.id),
    form('change', { object: 'organizations', id: String(row.id) }, textInput('name', row.name, 'Name'), 'Save'),
    escapeHtml(row.external_id),
    escapeHtml(row.updated_at),
  ];
  return `<h2>Organizations (${rows.length})</h2>${form('add', { object: 'organizations' }, textInput('name', '', 'Name') + textInput('external_id', '', 'External id'), 'Add organization')}
${table(['Id', 'Name', 'External id', 'Updated'], rows.slice(-200).toReversed().map(shown))}`;
}

function rightButtons(org: Org, user: User): string {
  const toggle = (object: string, right: string, has: boolean): string =>
    form(
      'right',
      { username: user.username, object, right, value: String(!has) },
      '',
      `${has ? 'Take' : 'Give back'}: ${right} ${object}`,
    );
  if (org.app === 'zendesk') {
    const rights = organizationRights(user);
    return ['create', 'edit']
      .map((right) => toggle('organizations', right, rights[right as 'create' | 'edit']))
      .join('');
  }
  return ['Account', 'Case']
    .flatMap((name) => {
      const object = sobject(name);
      if (!object) return [];
      const rights = objectRights(user, object);
      return (['read', 'create', 'edit'] as const).map((right) => toggle(name, right, rights[right]));
    })
    .join('');
}

function people(org: Org): string {
  const rows = org.users.values().map((user) => {
    const grants = org.grants.values().filter((grant) => !grant.revoked && grant.username === user.username);
    const who = { username: user.username };
    const actions = [
      form('password', who, textInput('password', '', 'New password'), 'Change password'),
      form('revoke', who, '', 'Revoke grants'),
      form('expire', who, '', 'Expire access tokens'),
    ];
    return [
      `${escapeHtml(user.name)}<br><span class="note">${escapeHtml(user.username)} · ${escapeHtml(user.role)}</span>`,
      escapeHtml(grants.map((grant) => grant.clientId).join(', ') || 'none'),
      `<div class="row">${actions.join('')}${rightButtons(org, user)}</div>`,
    ];
  });
  return `<h2>People, grants and rights</h2><p class="note">Changing a password also ends the grants of that person, as it does in the real app.</p>${table(['Person', 'Apps with access', 'Do'], rows)}`;
}

export function homePage(org: Org, vendorHost: string, problem?: string): string {
  const name = org.app === 'salesforce' ? 'Salesforce' : 'Zendesk';
  const error = problem === undefined ? '' : `<p class="bad" role="alert">${escapeHtml(problem)}</p>`;
  return htmlPage(
    `${name}: ${org.name} (emulated)`,
    `<h1>${name}: ${escapeHtml(org.name)} <span class="note">emulates ${escapeHtml(vendorHost)}</span></h1>${error}${org.app === 'salesforce' ? accounts(org) : organizationList(org)}${people(org)}`,
  );
}
