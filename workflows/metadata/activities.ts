/** The port of the metadata workflow; the worker implements it. */
import type { MetadataInput, MetadataResult } from './messages.js';

export interface MetadataActivities {
  /** Reads objects, one object's schema or a picklist through the connection. Fails with the error code as type. */
  readMetadata(input: MetadataInput): Promise<MetadataResult>;
}
