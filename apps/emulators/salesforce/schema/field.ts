export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'phone'
  | 'url'
  | 'email'
  | 'picklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'address';

export interface PicklistValue {
  value: string;
  /** Values of the controlling field with which this one may be chosen. */
  validFor?: string[];
  isDefault?: boolean;
}

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  length: number;
  required: boolean;
  /** Neither created nor updated by a client. */
  system: boolean;
  /** May be given at creation only, or never but is filled in by itself. */
  defaulted: boolean;
  externalId: boolean;
  unique: boolean;
  restricted: boolean;
  controller: string | null;
  values: PicklistValue[];
  referenceTo: string[];
  relationship: string | null;
  /** Parts of a compound field, by the name they have inside it. */
  parts: Record<string, string> | null;
  nameField: boolean;
  autoNumber: boolean;
}

type Options = Partial<Omit<Field, 'name' | 'label' | 'type' | 'values'>> & { values?: (string | PicklistValue)[] };

const lengths: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 32_000,
  phone: 40,
  url: 255,
  email: 80,
  picklist: 255,
};

export function field(name: string, label: string, type: FieldType, options: Options = {}): Field {
  const { values, ...rest } = options;
  return {
    name,
    label,
    type,
    length: lengths[type] ?? 0,
    required: false,
    system: false,
    defaulted: false,
    externalId: false,
    unique: false,
    restricted: false,
    controller: null,
    referenceTo: [],
    relationship: null,
    parts: null,
    nameField: false,
    autoNumber: false,
    values: (values ?? []).map((value) => (typeof value === 'string' ? { value } : value)),
    ...rest,
  };
}

export function isCustom(name: string): boolean {
  return name.endsWith('__c');
}

export interface ChildRelationship {
  name: string;
  object: string;
  field: string;
}

export interface SObject {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string;
  fields: Field[];
  children: ChildRelationship[];
  /** False: rows are made of the org's people and facts, no client may write them. */
  writable: boolean;
}

export function reference(name: string, label: string, to: string, relationship: string, options: Options = {}): Field {
  return field(name, label, 'reference', { referenceTo: [to], relationship, ...options });
}

/** The first and last fields that every record has. */
export function withSystemFields(fields: Field[], owner = true): Field[] {
  const system = { system: true, defaulted: true };
  return [
    field('Id', 'Record ID', 'id', system),
    field('IsDeleted', 'Deleted', 'boolean', system),
    ...fields,
    ...(owner ? [reference('OwnerId', 'Owner ID', 'User', 'Owner', { defaulted: true })] : []),
    field('CreatedDate', 'Created Date', 'datetime', system),
    reference('CreatedById', 'Created By ID', 'User', 'CreatedBy', system),
    field('LastModifiedDate', 'Last Modified Date', 'datetime', system),
    reference('LastModifiedById', 'Last Modified By ID', 'User', 'LastModifiedBy', system),
    field('SystemModstamp', 'System Modstamp', 'datetime', system),
  ];
}

/** The five plain fields of an address and the compound one that holds them. */
export function addressFields(prefix: string, label: string): Field[] {
  const parts: Record<string, string> = {};
  const fields: Field[] = [];
  for (const part of ['Street', 'City', 'State', 'PostalCode', 'Country']) {
    const name = `${prefix}${part}`;
    parts[part === 'PostalCode' ? 'postalCode' : part.toLowerCase()] = name;
    const type = part === 'Street' ? 'textarea' : 'string';
    fields.push(
      field(name, `${label} ${part === 'PostalCode' ? 'Zip/Postal Code' : part}`, type, {
        length: { Street: 255, City: 40, PostalCode: 20 }[part] ?? 80,
      }),
    );
  }
  return [...fields, field(`${prefix}Address`, `${label} Address`, 'address', { system: true, parts })];
}
