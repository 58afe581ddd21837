import type { User } from '../core/types.js';
import { mayEditField, objectRights, visibleObject } from './rights.js';
import { isCustom, type Field, type PicklistValue, type SObject } from './schema/field.js';
import { fieldOf } from './schema/objects.js';

type Json = Record<string, unknown>;

export const masterRecordTypeId = '012000000000000AAA';

/** validFor: base64 of a bitmap over the controlling field's values, first value in the highest bit (saas-apis 2.5). */
export function validForBitmap(controlling: PicklistValue[], validFor: string[]): string {
  const bytes = Buffer.alloc(Math.max(1, Math.ceil(controlling.length / 8)));
  controlling.forEach((value, i) => {
    if (validFor.includes(value.value)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (0x80 >> (i & 7));
  });
  return bytes.toString('base64');
}

function picklistValues(object: SObject, field: Field): Json[] {
  const controlling = field.controller ? (fieldOf(object, field.controller)?.values ?? []) : [];
  return field.values.map((value) => ({
    active: true,
    defaultValue: value.isDefault ?? false,
    label: value.value,
    validFor: value.validFor ? validForBitmap(controlling, value.validFor) : null,
    value: value.value,
  }));
}

const soapTypes: Partial<Record<Field['type'], string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

function compoundOf(object: SObject, field: Field): string | null {
  return object.fields.find((one) => one.parts && Object.values(one.parts).includes(field.name))?.name ?? null;
}

export function describeField(user: User, object: SObject, field: Field): Json {
  const rights = objectRights(user, object);
  const writable = object.writable && mayEditField(user, object, field);
  const number = field.type === 'double' || field.type === 'currency';
  return {
    aggregatable: field.type !== 'boolean' && field.type !== 'textarea' && field.type !== 'address',
    aiPredictionField: false,
    autoNumber: field.autoNumber,
    byteLength: field.length * (field.type === 'id' || field.type === 'reference' ? 1 : 3),
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: compoundOf(object, field),
    controllerName: field.controller,
    createable: writable && rights.create,
    custom: isCustom(field.name),
    defaultValue: field.type === 'boolean' ? false : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaulted,
    dependentPicklist: field.controller !== null,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? 8 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' ? 'plaintextarea' : null,
    filterable: !(field.type === 'textarea' && field.length > 255),
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: !number && field.type !== 'datetime' && field.type !== 'address',
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.type === 'id' || field.externalId || field.nameField,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: false,
    nillable: !field.required && !field.system && field.type !== 'boolean' && field.name !== 'OwnerId',
    permissionable: !field.required && !field.system && field.name !== 'OwnerId',
    picklistValues: picklistValues(object, field),
    polymorphicForeignKey: false,
    precision: number ? 18 : 0,
    queryByDistance: field.type === 'address',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationship,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted,
    scale: number ? 2 : 0,
    searchPrefilterable: field.type === 'reference',
    soapType: soapTypes[field.type] ?? 'xsd:string',
    sortable: !(field.type === 'textarea' && field.length > 255) && field.type !== 'address',
    type: field.type,
    unique: field.unique,
    updateable: writable && rights.edit && !field.autoNumber,
    writeRequiresMasterRead: false,
  };
}

/** The object's row of the global describe. */
export function describeBrief(user: User, object: SObject, version: string): Json {
  const rights = objectRights(user, object);
  const base = `/services/data/${version}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.writable && rights.create,
    custom: isCustom(object.name),
    customSetting: false,
    deepCloneable: false,
    deletable: object.writable && rights.delete,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: object.writable,
    mergeable: object.name === 'Account' || object.name === 'Contact',
    mruEnabled: object.writable,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: object.writable,
    triggerable: object.writable,
    undeletable: object.writable,
    updateable: object.writable && rights.edit,
    urls: {
      ...(isCustom(object.name) ? {} : { compactLayouts: `${base}/describe/compactLayouts` }),
      rowTemplate: `${base}/{ID}`,
      approvalLayouts: `${base}/describe/approvalLayouts`,
      describe: `${base}/describe`,
      layouts: `${base}/describe/layouts`,
      sobject: base,
    },
  };
}

export function describeFully(user: User, object: SObject, version: string): Json {
  const layout = `/services/data/${version}/sobjects/${object.name}/describe/layouts/${masterRecordTypeId}`;
  const children = object.children.filter((child) => visibleObject(user, child.object) !== undefined);
  return {
    actionOverrides: [],
    ...describeBrief(user, object, version),
    childRelationships: children.map((child) => ({
      cascadeDelete: false,
      childSObject: child.object,
      deprecatedAndHidden: false,
      field: child.field,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: child.name,
      restrictedDelete: false,
    })),
    compactLayoutable: object.writable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields.map((field) => describeField(user, object, field)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: masterRecordTypeId,
        urls: { layout },
      },
    ],
    searchLayoutable: object.writable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}
