export interface Path {
  names: string[];
  position: number;
}

export type Literal =
  | { kind: 'string'; text: string; pattern: string; position: number }
  | { kind: 'number'; value: number; position: number }
  | { kind: 'boolean'; value: boolean; position: number }
  | { kind: 'null'; position: number }
  | { kind: 'date' | 'datetime'; text: string; position: number }
  /** TODAY, LAST_N_DAYS:3 … */
  | { kind: 'period'; name: string; n: number; position: number };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'in' | 'not in';

export type Condition =
  | { kind: 'and'; parts: Condition[] }
  | { kind: 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'compare'; path: Path; operator: Operator; value: Literal }
  | { kind: 'list'; path: Path; operator: 'in' | 'not in'; values: Literal[] }
  | { kind: 'semijoin'; path: Path; operator: 'in' | 'not in'; query: Query };

export type Selected =
  | { kind: 'field'; path: Path }
  | { kind: 'fields'; which: 'ALL' | 'STANDARD' | 'CUSTOM'; position: number }
  | { kind: 'aggregate'; name: 'COUNT' | 'MIN' | 'MAX'; path: Path; alias: string | null }
  | { kind: 'children'; query: Query };

export interface Ordering {
  path: Path;
  descending: boolean;
  nullsLast: boolean;
}

export interface Query {
  text: string;
  object: string;
  objectPosition: number;
  countOnly: boolean;
  select: Selected[];
  where: Condition | null;
  orderBy: Ordering[];
  limit: number | null;
  offset: number;
}
