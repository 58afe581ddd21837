/** Typed keys of our search attributes, for clients. Names: `#domain/search-attributes.js`. Their values are always plain. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';

export const workspaceKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.workspace, 'KEYWORD');
export const appKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.app, 'KEYWORD');
export const statusKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.status, 'KEYWORD');
export const recipeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.recipe, 'KEYWORD');
export const waitingForKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.waitingFor, 'KEYWORD');
export const missingKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.missing, 'KEYWORD');
export const recordKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.record, 'KEYWORD');
export const jobStateKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.jobState, 'KEYWORD');
