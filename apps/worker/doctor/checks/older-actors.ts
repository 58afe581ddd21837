import type { Client } from '@temporalio/client';
import type { Store } from '#store/connect-store.js';
import { projectedActor } from '../../rebuild/rebuild-actor.js';
import { projectedRecipe } from '../../rebuild/rebuild-recipe.js';
import { ageOf } from '../../rebuild/rebuild-run.js';
import type { Check } from '../check.js';
import { notice, problem, type Finding } from '../finding.js';
import { lookAtAll } from '../look-at-all.js';
import type { Survey } from '../survey.js';

/** After a restore of Temporal's database its workflows live in the past: the store knows more of them than they do themselves. */
export const olderActors: Check = {
  name: 'no workflow is older than its projection',
  needs: ['store', 'temporal'],
  async run({ store, temporal, survey }) {
    const connections = await olderConnections(temporal, store, survey);
    const recipes = await olderRecipes(temporal, store, survey);
    const unanswered = connections.unanswered + recipes.unanswered;
    return [...connections.found.flat(), ...recipes.found.flat(), ...(unanswered > 0 ? [notAsked(unanswered)] : [])];
  },
};

const olderConnections = async (client: Client, store: Store, survey: Survey) =>
  lookAtAll(await survey.connections(), async ({ document }) => {
    const age = await ageOf(client, projectedActor(store, document));
    return age === 'unknown'
      ? 'unanswered'
      : age === 'behind'
        ? [older('connection', document._id, document.name)]
        : [];
  });

const olderRecipes = async (client: Client, store: Store, survey: Survey) =>
  lookAtAll(await survey.recipes(), async (document) => {
    const age = await ageOf(
      client,
      projectedRecipe(store, document, async () => []),
    );
    return age === 'unknown' ? 'unanswered' : age === 'behind' ? [older('recipe', document._id, document.name)] : [];
  });

const older = (noun: 'connection' | 'recipe', id: string, name: string): Finding =>
  problem('actor_older', id, {
    what: `The workflow of the ${noun} "${name}" (${id}) is older than what the database knows of it.`,
    why:
      noun === 'connection'
        ? "Temporal's database was restored from a backup? What happened since (reconnects, a disconnect) is unknown to the actor."
        : "Temporal's database was restored from a backup? The recipe reads events again that it has handled.",
    next: 'Run `npm run doctor -- --rebuild`: it is started again from its projection.',
  });

const notAsked = (count: number): Finding =>
  notice('workflows_silent', null, {
    what: `${count} workflows of connections and recipes do not answer.`,
    why: 'Whether they are older than the database, or serve what the vault lacks, was not checked.',
    next: 'Look whether a worker runs, then run the doctor again.',
  });
