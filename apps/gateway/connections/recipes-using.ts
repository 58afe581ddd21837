/** Which recipes bind a connection. */
import type { Problem } from '#contract/problem.js';
import type { Store } from '#store/connect-store.js';
import type { RecipeDocument } from '#store/documents.js';
import type { RecipeState, RecipeStatus } from '#workflows/recipe/messages.js';

export interface UsingRecipe {
  id: string;
  name: string;
  status: RecipeStatus;
  bindings: string[];
}

const PAGE = 200;

/** Asked when a person looks or gives a connection up, so reading the workspace's recipes page by page will do. */
export async function recipesUsing(store: Store, workspaceId: string, connectionId: string): Promise<UsingRecipe[]> {
  const using: UsingRecipe[] = [];
  let after: string | null = null;
  do {
    const page = await store.recipes.list(workspaceId, { limit: PAGE, after });
    for (const recipe of page.items) {
      const bindings = Object.keys(recipe.bindings).filter(
        (name) => recipe.bindings[name]?.connectionId === connectionId,
      );
      if (bindings.length > 0) using.push({ id: recipe._id, name: recipe.name, status: statusOf(recipe), bindings });
    }
    after = page.nextCursor;
  } while (after !== null);
  return using;
}

export function usersOf(recipes: UsingRecipe[]): NonNullable<Problem['users']> {
  return recipes.map(({ id, name }) => ({ type: 'recipe', id, name }));
}

function statusOf(recipe: RecipeDocument): RecipeStatus {
  return recipe.state === null ? 'stopped' : (JSON.parse(recipe.state) as RecipeState).status;
}
