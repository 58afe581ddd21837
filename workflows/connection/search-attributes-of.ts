/** Search attributes of a connection: plain, so ids and codes only. */
import type { SearchAttributePair } from '@temporalio/common';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import type { ConnectionState } from './state.js';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

export function searchAttributesOf(state: ConnectionState): SearchAttributePair[] {
  return [
    { key: keyword(SEARCH_ATTRIBUTE.workspace), value: state.workspaceId },
    { key: keyword(SEARCH_ATTRIBUTE.app), value: state.app },
    { key: keyword(SEARCH_ATTRIBUTE.status), value: state.status },
    { key: keyword(SEARCH_ATTRIBUTE.reason), value: state.reason?.code ?? 'none' },
    {
      key: defineSearchAttributeKey(SEARCH_ATTRIBUTE.since, SearchAttributeType.DATETIME),
      value: new Date(state.since),
    },
  ] as SearchAttributePair[];
}
