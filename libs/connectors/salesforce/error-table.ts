/** Salesforce's error codes and what they mean (README.md, "Errors"). */
import type { ErrorCode } from '#domain/errors.js';

export interface Meaning {
  code: ErrorCode;
  /** The app surely did nothing. Single-record requests are rolled back as a whole. */
  refused: boolean;
}

/** A map, not an object: the keys come from the app, which may say `constructor`. */
const table = (rows: Record<string, Meaning>): ReadonlyMap<string, Meaning> => new Map(Object.entries(rows));

const means = (code: ErrorCode, refused = true): Meaning => ({ code, refused });

/** Codes with one meaning each. Not here: INVALID_SESSION_ID, NOT_FOUND and the codes of missing rights, which need more than the code. */
export const ERROR_TABLE: ReadonlyMap<string, Meaning> = table({
  REQUEST_LIMIT_EXCEEDED: means('rate_limited'),
  UNABLE_TO_LOCK_ROW: means('app_conflict'),
  QUERY_TIMEOUT: means('app_unavailable'),
  SERVER_UNAVAILABLE: means('app_unavailable', false),
  UNKNOWN_EXCEPTION: means('app_unavailable', false),
  ENTITY_IS_DELETED: means('record_gone'),
  UNSUPPORTED_API_VERSION: means('app_misconfigured'),
  REQUIRED_FIELD_MISSING: means('app_rejected_request'),
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: means('app_rejected_request'),
  FIELD_CUSTOM_VALIDATION_EXCEPTION: means('app_rejected_request'),
  DUPLICATE_VALUE: means('app_rejected_request'),
  DUPLICATES_DETECTED: means('app_rejected_request'),
  MALFORMED_QUERY: means('app_rejected_request'),
  INVALID_QUERY_LOCATOR: means('app_rejected_request'),
  JSON_PARSER_ERROR: means('app_rejected_request'),
  MALFORMED_ID: means('app_rejected_request'),
});

/** A lock on a row, in whatever failure it stands: of a trigger, a flow, a roll-up. */
export const LOCKED = /UNABLE_TO_LOCK_ROW|unable to obtain exclusive access|Record Currently Unavailable/i;

/** The user or the org may not use the API at all: cured at Salesforce, not by another token. */
export const API_REFUSED: ReadonlySet<string> = new Set([
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'INVALID_OPERATION_WITH_EXPIRED_PASSWORD',
]);

/** 401 texts that a new access token does not cure (2.4, second row). */
export const NOT_CURED_BY_REFRESH = /not valid for use with the REST API|not attached to Agent/i;

/** Bodies of the identity service: 403 with plain text (2.3). */
export const PLAIN_TEXT: ReadonlyMap<string, Meaning> = table({
  Missing_OAuth_Token: means('access_token_rejected'),
  Bad_OAuth_Token: means('access_token_rejected'),
  Wrong_Org: means('app_misconfigured'),
});
