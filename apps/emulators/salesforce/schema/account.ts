import { addressFields, field, reference, withSystemFields, type SObject } from './field.js';

const industries =
  `Agriculture,Apparel,Banking,Biotechnology,Chemicals,Communications,Construction,Consulting,Education,Electronics,Energy,
Engineering,Entertainment,Environmental,Finance,Food & Beverage,Government,Healthcare,Hospitality,Insurance,Machinery,Manufacturing,Media,
Not For Profit,Recreation,Retail,Shipping,Technology,Telecommunications,Transportation,Utilities,Other`
    .split(',')
    .map((name) => name.trim());

export const account: SObject = {
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  writable: true,
  children: [
    { name: 'Contacts', object: 'Contact', field: 'AccountId' },
    { name: 'Cases', object: 'Case', field: 'AccountId' },
    { name: 'ChildAccounts', object: 'Account', field: 'ParentId' },
    { name: 'Shipments__r', object: 'Shipment__c', field: 'Account__c' },
  ],
  fields: withSystemFields([
    field('Name', 'Account Name', 'string', { required: true, nameField: true }),
    field('Type', 'Account Type', 'picklist', {
      values: [
        'Prospect',
        'Customer - Direct',
        'Customer - Channel',
        'Channel Partner / Reseller',
        'Installation Partner',
        'Technology Partner',
        'Other',
      ],
    }),
    reference('ParentId', 'Parent Account ID', 'Account', 'Parent'),
    ...addressFields('Billing', 'Billing'),
    ...addressFields('Shipping', 'Shipping'),
    field('Phone', 'Account Phone', 'phone'),
    field('Fax', 'Account Fax', 'phone'),
    field('AccountNumber', 'Account Number', 'string', { length: 40 }),
    field('Website', 'Website', 'url'),
    field('Industry', 'Industry', 'picklist', { values: industries }),
    field('AnnualRevenue', 'Annual Revenue', 'currency'),
    field('NumberOfEmployees', 'Employees', 'int'),
    field('Description', 'Account Description', 'textarea'),
    field('Rating', 'Account Rating', 'picklist', { values: ['Hot', 'Warm', 'Cold'] }),
    field('Site', 'Account Site', 'string', { length: 80 }),
    field('AccountSource', 'Account Source', 'picklist', {
      values: ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'],
    }),
    // Not unique, as external ids are by default: two records may carry one key, and then an upsert is ambiguous.
    field('External_Key__c', 'External Key', 'string', { length: 64, externalId: true }),
    field('Erp_Number__c', 'ERP Number', 'string', { length: 32, externalId: true, unique: true }),
    field('Support_Tier__c', 'Support Tier', 'picklist', {
      restricted: true,
      values: ['Bronze', 'Silver', 'Gold', 'Platinum'],
    }),
    field('Renewal_Date__c', 'Renewal Date', 'date'),
    field('Health_Score__c', 'Health Score', 'double'),
    field('Is_Partner__c', 'Is Partner', 'boolean', { defaulted: true }),
  ]),
};
