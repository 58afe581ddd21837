/** What people and searches see of a recipe in Temporal: its details and search attributes. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import type { LiveRecipe } from './state.js';
import { detailsOf } from './view-of.js';

const statusKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.status, 'KEYWORD');
const waitingForKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.waitingFor, 'KEYWORD');
const missingKey = defineSearchAttributeKey(SEARCH_ATTRIBUTE.missing, 'KEYWORD');

/** Search attributes only when they change: each upsert is an event. */
export class ShownStatus {
  private shown: string;

  constructor() {
    const present = workflowInfo().typedSearchAttributes;
    this.shown = shownText(present.get(statusKey), present.get(waitingForKey), present.get(missingKey));
  }

  show(state: LiveRecipe): void {
    const { status, waitingFor } = state;
    setCurrentDetails(detailsOf(state));
    const next = shownText(status, waitingFor?.connectionId, waitingFor?.requirement);
    if (next === this.shown) return;
    this.shown = next;
    upsertSearchAttributes([
      { key: statusKey, value: status },
      { key: waitingForKey, value: waitingFor?.connectionId || null },
      { key: missingKey, value: waitingFor?.requirement ?? null },
    ]);
  }
}

const shownText = (...values: (string | null | undefined)[]): string => values.map((value) => value ?? '').join(' ');
