import type { Org, Row } from '../core/org.js';
import { SalesforceError } from '../salesforce/api-error.js';
import { rowsOf } from '../salesforce/record-rows.js';
import { createRecord, deleteRecord, plantRecords, updateRecord } from '../salesforce/record-store.js';
import { sobject } from '../salesforce/schema/objects.js';
import type { SObject } from '../salesforce/schema/field.js';
import { ZendeskError } from '../zendesk/api-error.js';
import {
  createOrganization,
  deleteOrganization,
  organizations,
  requireOrganization,
  updateOrganization,
} from '../zendesk/organization-store.js';
import { createTicket, updateTicket } from '../zendesk/ticket-routes.js';
import { ControlError } from './control-error.js';

/** Records of any app, written past all rights; stamps move as if a person had done it in the app. */
export interface RecordPort {
  list(): Row[];
  create(values: Row): Row;
  /** Many at one moment, as a bulk load does. */
  plant(values: Row[]): Row[];
  update(id: string, values: Row): Row;
  remove(id: string): void;
}

export function recordPort(org: Org, object: string): RecordPort {
  return named(org.app === 'salesforce' ? salesforcePort(org, object) : zendeskPort(org, object));
}

function salesforcePort(org: Org, name: string): RecordPort {
  const object: SObject | undefined = sobject(name);
  if (!object) throw new ControlError(404, `no object ${name}`);
  return {
    list: () => rowsOf(org, object).filter((row) => row.IsDeleted !== true),
    create: (values) => createRecord(org, null, object, values),
    plant: (values) => plantRecords(org, object, values),
    update: (id, values) => updateRecord(org, null, object, id, values),
    remove: (id) => void deleteRecord(org, null, object, id),
  };
}

function zendeskPort(org: Org, name: string): RecordPort {
  if (name === 'organizations') {
    return {
      list: () => organizations(org),
      create: (values) => createOrganization(org, values),
      plant: (values) => values.map((one) => createOrganization(org, one)),
      update: (id, values) => updateOrganization(org, requireOrganization(org, id), values),
      remove: (id) => void deleteOrganization(org, requireOrganization(org, id)),
    };
  }
  if (name !== 'tickets') throw new ControlError(404, `no object ${name}`);
  const find = (id: string): Row => {
    const row = org.records('tickets').get(id);
    if (!row) throw new ControlError(404, `no ticket ${id}`);
    return row;
  };
  return {
    list: () => org.records('tickets').values(),
    create: (values) => createTicket(org, null, values),
    plant: (values) => values.map((one) => createTicket(org, null, one)),
    update: (id, values) => updateTicket(org, find(id), values),
    remove: (id) => org.records('tickets').delete(String(find(id).id)),
  };
}

/** The app's own refusals, in the control API's form. */
function named(port: RecordPort): RecordPort {
  const guard =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      try {
        return work(...args);
      } catch (error) {
        if (error instanceof SalesforceError || error instanceof ZendeskError)
          throw new ControlError(error.status, sentence(error));
        throw error;
      }
    };
  return {
    list: guard(port.list),
    create: guard(port.create),
    plant: guard(port.plant),
    update: guard(port.update),
    remove: guard(port.remove),
  };
}

function sentence(error: SalesforceError | ZendeskError): string {
  if (error instanceof SalesforceError) return error.message;
  const { details, description } = error.body as {
    details?: Record<string, { description: string }[]>;
    description?: string;
  };
  const problems = Object.values(details ?? {}).flat();
  return problems.map((one) => one.description).join('; ') || (description ?? error.message);
}
