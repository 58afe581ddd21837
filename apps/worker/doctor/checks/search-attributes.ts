import { SEARCH_ATTRIBUTE } from '#domain/search-attributes.js';
import type { Check } from '../check.js';
import { problem } from '../finding.js';
import { withDeadline } from '../visibility.js';

export const searchAttributes: Check = {
  name: 'search attributes',
  needs: ['temporal'],
  async run({ temporal, config }) {
    const { namespace } = config.temporal;
    const { operatorService } = temporal.connection;
    const { customAttributes } = await withDeadline(temporal, () =>
      operatorService.listSearchAttributes({ namespace }),
    );
    const missing = Object.values(SEARCH_ATTRIBUTE).filter((name) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return [];
    const types = missing.map(
      (name) => `--name ${name} --type ${name === SEARCH_ATTRIBUTE.since ? 'Datetime' : 'Keyword'}`,
    );
    return [
      problem('search_attributes_missing', namespace, {
        what: `The namespace "${namespace}" lacks the search attributes ${missing.join(', ')}.`,
        why: 'Actors and jobs cannot write their state, and a parked job is not found when its connection recovers.',
        next: `Run: temporal operator search-attribute create --namespace ${namespace} ${types.join(' ')}`,
      }),
    ];
  },
};
