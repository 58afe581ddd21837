import { field, reference, type SObject } from './field.js';

/** The rights of people, readable by SOQL (saas-apis 2.5). Each person has one permission set of their own here. */

const fixed = { system: true, defaulted: true };

function readOnly(name: string, keyPrefix: string, fields: SObject['fields']): SObject {
  return {
    name,
    label: name,
    labelPlural: name,
    keyPrefix,
    writable: false,
    children: [],
    fields: [field('Id', 'ID', 'id', fixed), ...fields],
  };
}

export const permissionSetAssignment = readOnly('PermissionSetAssignment', '0Pa', [
  reference('AssigneeId', 'Assignee ID', 'User', 'Assignee', fixed),
  field('PermissionSetId', 'Permission Set ID', 'reference', { ...fixed, referenceTo: ['PermissionSet'] }),
]);

export const objectPermissions = readOnly('ObjectPermissions', '110', [
  field('ParentId', 'Parent ID', 'reference', { ...fixed, referenceTo: ['PermissionSet'] }),
  field('SobjectType', 'Object Type Name', 'string', fixed),
  field('PermissionsRead', 'Read', 'boolean', fixed),
  field('PermissionsCreate', 'Create', 'boolean', fixed),
  field('PermissionsEdit', 'Edit', 'boolean', fixed),
  field('PermissionsDelete', 'Delete', 'boolean', fixed),
  field('PermissionsViewAllRecords', 'View All', 'boolean', fixed),
  field('PermissionsModifyAllRecords', 'Modify All', 'boolean', fixed),
]);

export const fieldPermissions = readOnly('FieldPermissions', '01k', [
  field('ParentId', 'Parent ID', 'reference', { ...fixed, referenceTo: ['PermissionSet'] }),
  field('SobjectType', 'Object Type Name', 'string', fixed),
  field('Field', 'Field Name', 'string', fixed),
  field('PermissionsRead', 'Read', 'boolean', fixed),
  field('PermissionsEdit', 'Edit', 'boolean', fixed),
]);
