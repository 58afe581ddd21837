import { Schema, type Connection, type Model, type SchemaDefinition } from 'mongoose';

/**
 * Makes the model of one noun on our own connection (never the global mongoose).
 * Options follow the 18 rules: string `_id`, no version key, no `select: false`, empty objects kept, indexes by `ensureIndexes` only.
 * `strict: 'throw'` turns a misspelt field into an error instead of a silent loss.
 */
export function storeModel<D extends { _id: string }>(
  db: Connection,
  collection: string,
  fields: SchemaDefinition,
): Model<D> {
  const schema = new Schema(
    { _id: { type: String, required: true }, ...fields },
    { collection, versionKey: false, minimize: false, id: false, autoIndex: false, autoCreate: false, strict: 'throw' },
  );
  return db.model(collection, schema) as unknown as Model<D>;
}
