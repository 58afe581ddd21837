import type { Org } from '../core/org.js';
import type { User } from '../core/types.js';
import { makeId } from './ids.js';
import { createRecord } from './record-store.js';
import { sobject } from './schema/objects.js';
import { salesforceTokens } from './token-shapes.js';

export const seededPassword = 'hawser-demo-1';

const accounts: Record<string, unknown>[] = [
  {
    Name: 'Nordlicht Werften AG',
    Industry: 'Shipping',
    Website: 'https://nordlicht-werften.example',
    Phone: '+49 40 555010',
    BillingCity: 'Hamburg',
    Rating: 'Hot',
    NumberOfEmployees: 840,
    Support_Tier__c: 'Gold',
  },
  {
    Name: 'Bäckerei Grünkorn 🥨',
    Industry: 'Food & Beverage',
    Website: 'https://gruenkorn.example',
    BillingCity: 'Nürnberg',
    Type: 'Customer - Direct',
    NumberOfEmployees: 38,
  },
  {
    Name: 'Cobalt Data Systems',
    Industry: 'Technology',
    Website: 'https://cobalt-data.example',
    Phone: '+1 415 555 0142',
    BillingCity: 'San Francisco',
    Rating: 'Warm',
    AnnualRevenue: 12_500_000,
  },
  {
    Name: 'Dunmore Insurance Group',
    Industry: 'Insurance',
    Phone: '+353 1 555 0199',
    BillingCity: 'Dublin',
    Type: 'Prospect',
  },
  {
    Name: 'Estrela do Mar Hotels',
    Industry: 'Hospitality',
    Website: 'https://estreladomar.example',
    BillingCity: 'Lisboa',
    Description: 'Eleven hotels along the coast.\nSeason from March to November.',
  },
  { Name: 'Fjordkraft Energi', Industry: 'Energy', BillingCity: 'Bergen', AnnualRevenue: 91_000_000, Rating: 'Hot' },
  { Name: 'Greenfield & Sons', Industry: 'Agriculture', BillingCity: 'Norwich', Phone: '+44 1603 555 014' },
  {
    Name: 'Halcyon Clinics',
    Industry: 'Healthcare',
    Website: 'https://halcyon-clinics.example',
    BillingCity: 'Boston',
    Support_Tier__c: 'Platinum',
  },
  {
    Name: 'Iberia Logística',
    Industry: 'Transportation',
    BillingCity: 'Zaragoza',
    Is_Partner__c: true,
    Type: 'Channel Partner / Reseller',
  },
  {
    Name: "Juniper O'Brien Media",
    Industry: 'Media',
    Website: 'https://juniper-obrien.example',
    BillingCity: 'New York',
  },
  {
    Name: 'Kestrel Aerospace',
    Industry: 'Engineering',
    BillingCity: 'Toulouse',
    NumberOfEmployees: 2_150,
    External_Key__c: 'KST-001',
  },
  {
    Name: 'Lumen University',
    Industry: 'Education',
    BillingCity: 'Uppsala',
    Rating: 'Cold',
    External_Key__c: 'LUM-001',
  },
];

const sandboxAccounts: Record<string, unknown>[] = [
  { Name: 'Sandbox Shipyard', Industry: 'Shipping' },
  { Name: 'Sandbox Bakery', Industry: 'Food & Beverage' },
  { Name: 'Sandbox Clinic', Industry: 'Healthcare' },
];

const cases: [account: number, subject: string, priority: string, status: string][] = [
  [0, 'Crane control panel shows no picture', 'High', 'New'],
  [2, 'Export to CSV stops at row 10 000', 'Medium', 'Working'],
  [7, 'Two-factor login fails for new staff', 'High', 'Escalated'],
  [10, 'Invoice carries the wrong VAT number', 'Low', 'Closed'],
];

function seedUser(org: Org, username: string, name: string): User {
  const email = username.replace(/\.uat$/, '');
  return org.putUser({
    id: makeId('005', org),
    username,
    password: seededPassword,
    name,
    email,
    role: 'admin',
    active: true,
    createdAt: org.now(),
    rights: {},
  });
}

export function seedSalesforce(org: Org): void {
  const suffix = org.name === 'sandbox' ? '.uat' : '';
  seedUser(org, `admin@hawser-dev.example${suffix}`, 'Ada Harbour');
  seedUser(org, `second@hawser-dev.example${suffix}`, 'Sam Quay');
  const account = sobject('Account');
  const supportCase = sobject('Case');
  if (!account || !supportCase) return;
  const made = (suffix ? sandboxAccounts : accounts).map((one) => createRecord(org, null, account, one));
  for (const [index, Subject, Priority, Status] of cases) {
    const AccountId = made[index]?.Id;
    if (AccountId) createRecord(org, null, supportCase, { AccountId, Subject, Priority, Status, Origin: 'Web' });
  }
}

export function prepareSalesforce(org: Org): void {
  org.tokenShapes = salesforceTokens(org);
}
