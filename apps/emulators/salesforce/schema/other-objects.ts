import { addressFields, field, reference, withSystemFields, type SObject } from './field.js';

export const contact: SObject = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  writable: true,
  children: [{ name: 'Cases', object: 'Case', field: 'ContactId' }],
  fields: withSystemFields([
    reference('AccountId', 'Account ID', 'Account', 'Account'),
    field('LastName', 'Last Name', 'string', { length: 80, required: true }),
    field('FirstName', 'First Name', 'string', { length: 40 }),
    field('Salutation', 'Salutation', 'picklist', { values: ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'] }),
    field('Name', 'Full Name', 'string', { length: 121, system: true, nameField: true }),
    ...addressFields('Mailing', 'Mailing'),
    field('Phone', 'Business Phone', 'phone'),
    field('MobilePhone', 'Mobile Phone', 'phone'),
    field('Email', 'Email', 'email'),
    field('Title', 'Title', 'string', { length: 128 }),
    field('Department', 'Department', 'string', { length: 80 }),
    field('Description', 'Contact Description', 'textarea'),
  ]),
};

export const supportCase: SObject = {
  name: 'Case',
  label: 'Case',
  labelPlural: 'Cases',
  keyPrefix: '500',
  writable: true,
  children: [],
  fields: withSystemFields([
    field('CaseNumber', 'Case Number', 'string', {
      length: 30,
      system: true,
      defaulted: true,
      autoNumber: true,
      nameField: true,
    }),
    reference('ContactId', 'Contact ID', 'Contact', 'Contact'),
    reference('AccountId', 'Account ID', 'Account', 'Account'),
    field('SuppliedName', 'Name', 'string', { length: 80 }),
    field('SuppliedEmail', 'Email Address', 'email'),
    field('Type', 'Case Type', 'picklist', {
      values: ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other'],
    }),
    field('Status', 'Status', 'picklist', {
      defaulted: true,
      values: [{ value: 'New', isDefault: true }, 'Working', 'Escalated', 'Closed'],
    }),
    field('Reason', 'Case Reason', 'picklist', {
      values: ['Installation', 'Equipment Complexity', 'Performance', 'Breakdown', 'Feedback', 'Other'],
    }),
    field('Origin', 'Case Origin', 'picklist', { values: ['Phone', 'Email', 'Web'] }),
    field('Subject', 'Subject', 'string'),
    field('Priority', 'Priority', 'picklist', {
      defaulted: true,
      values: ['High', { value: 'Medium', isDefault: true }, 'Low'],
    }),
    field('Description', 'Description', 'textarea'),
    field('IsClosed', 'Closed', 'boolean', { system: true, defaulted: true }),
    field('ClosedDate', 'Closed Date', 'datetime', { system: true }),
    field('External_Key__c', 'External Key', 'string', { length: 64, externalId: true, unique: true }),
    field('Product__c', 'Product', 'picklist', { restricted: true, values: ['Router', 'Switch', 'Antenna'] }),
    field('Component__c', 'Component', 'picklist', {
      restricted: true,
      controller: 'Product__c',
      values: [
        { value: 'Firmware', validFor: ['Router', 'Switch'] },
        { value: 'Power supply', validFor: ['Router', 'Switch'] },
        { value: 'Mount', validFor: ['Antenna'] },
        { value: 'Cable', validFor: ['Router', 'Switch', 'Antenna'] },
      ],
    }),
  ]),
};

export const shipment: SObject = {
  name: 'Shipment__c',
  label: 'Shipment',
  labelPlural: 'Shipments',
  keyPrefix: 'a01',
  writable: true,
  children: [],
  fields: withSystemFields([
    field('Name', 'Shipment Name', 'string', { length: 80, required: true, nameField: true }),
    reference('Account__c', 'Account', 'Account', 'Account__r'),
    field('Tracking_Number__c', 'Tracking Number', 'string', { length: 40, externalId: true, unique: true }),
    field('Status__c', 'Status', 'picklist', {
      restricted: true,
      values: ['Packed', 'On the way', 'Delivered', 'Lost'],
    }),
    field('Weight__c', 'Weight (kg)', 'double'),
    field('Insured__c', 'Insured', 'boolean', { defaulted: true }),
    field('Shipped_On__c', 'Shipped On', 'date'),
    field('Delivered_At__c', 'Delivered At', 'datetime'),
  ]),
};

export const user: SObject = {
  name: 'User',
  label: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  writable: false,
  children: [],
  fields: withSystemFields(
    [
      field('Username', 'Username', 'string', { length: 80, required: true }),
      field('LastName', 'Last Name', 'string', { length: 80, required: true }),
      field('FirstName', 'First Name', 'string', { length: 40 }),
      field('Name', 'Full Name', 'string', { length: 121, system: true, nameField: true }),
      field('Email', 'Email', 'email', { required: true }),
      field('Alias', 'Alias', 'string', { length: 8, required: true }),
      field('IsActive', 'Active', 'boolean', { defaulted: true }),
      field('UserType', 'User Type', 'picklist', { system: true, values: ['Standard'] }),
      field('TimeZoneSidKey', 'Time Zone', 'picklist', { required: true, values: ['Europe/Berlin'] }),
      field('LocaleSidKey', 'Locale', 'picklist', { required: true, values: ['en_US'] }),
      field('LanguageLocaleKey', 'Language', 'picklist', { required: true, values: ['en_US'] }),
    ],
    false,
  ),
};

export const organization: SObject = {
  name: 'Organization',
  label: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  writable: false,
  children: [],
  fields: withSystemFields(
    [
      field('Name', 'Name', 'string', { length: 80, required: true, nameField: true }),
      field('OrganizationType', 'Edition', 'picklist', { values: ['Developer Edition', 'Enterprise Edition'] }),
      field('InstanceName', 'Instance Name', 'string', { length: 5, system: true }),
      field('IsSandbox', 'Is Sandbox', 'boolean', { system: true }),
      field('NamespacePrefix', 'Namespace Prefix', 'string', { length: 15, system: true }),
      field('LanguageLocaleKey', 'Language', 'picklist', { values: ['en_US'] }),
      field('TimeZoneSidKey', 'Time Zone', 'picklist', { values: ['Europe/Berlin'] }),
    ],
    false,
  ),
};
