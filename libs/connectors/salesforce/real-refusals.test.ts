/** Refusals of real orgs whose meaning stands in the words, not in the code. */
import { classifiedError } from '#connector-sdk/classified-error.js';
import type { AppRequest, AppResponse } from '#connector-sdk/connector.js';
import { scriptedContext } from '#connector-sdk/scripted-context.js';
import { classify } from './classify.js';
import { salesforceConnector as connector } from './salesforce-connector.js';

const CREATE: AppRequest = {
  method: 'POST',
  path: '/services/data/v60.0/sobjects/Account',
  requirement: 'Account:create',
};
const response = (status: number, json: unknown, headers: Record<string, string> = {}): AppResponse => ({
  status,
  headers,
  json,
  text: JSON.stringify(json),
  at: 0,
});
const said = (errorCode: string, message: string) => response(400, [{ errorCode, message }]);
const judged = (answer: AppResponse, request = CREATE) => {
  const read = classify(request, answer);
  if (read.kind !== 'error') throw new Error('expected an error');
  return read;
};
const sentence = (answer: AppResponse): string => classifiedError(judged(answer), answer).message;

test.each([
  [
    'a trigger of the org',
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    'AccountTrigger: execution of AfterInsert caused by: System.DmlException: Update failed. First exception on row 0; first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record or 1 records',
  ],
  [
    'a flow',
    'CANNOT_EXECUTE_FLOW_TRIGGER',
    'We can’t save this record because the “X” process failed. UNABLE_TO_LOCK_ROW: unable to obtain exclusive access',
  ],
  ['a validation', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'unable to obtain exclusive access to this record'],
  ['an unknown failure', 'UNKNOWN_EXCEPTION', 'UNABLE_TO_LOCK_ROW'],
])('g30: a row lock inside %s is repeated', (_, code, message) => {
  expect(judged(said(code, message))).toMatchObject({ code: 'app_conflict', refusedBeforeProcessing: true });
});

const duplicate = (allowSave: boolean, count: number): AppResponse =>
  response(400, [
    {
      errorCode: 'DUPLICATES_DETECTED',
      message: 'Use one of these records?',
      duplicateResult: {
        allowSave,
        duplicateRule: 'Standard_Account_Duplicate_Rule',
        matchResults: [
          {
            matchRecords: Array.from({ length: count }, (_, n) => ({
              record: { attributes: {}, Id: `00100000000000${n}AAA` },
            })),
          },
        ],
      },
    },
  ]);

test('g30: a duplicate rule is named with its records, and the switch where it only warns', () => {
  const warns = sentence(duplicate(true, 2));
  for (const word of [
    'Standard_Account_Duplicate_Rule',
    '001000000000000AAA',
    '001000000000001AAA',
    '"allowDuplicates"',
  ])
    expect(warns).toContain(word);
  const blocks = sentence(duplicate(false, 1));
  expect(blocks).toContain('The rule blocks');
  expect(blocks).not.toContain('allowDuplicates');
});

test.each(['create_record', 'update_record', 'upsert_record'])(
  'g30: %s passes a rule that only warns when it is told to',
  async (name) => {
    const ids = {
      update_record: { id: '001000000000001AAA' },
      upsert_record: { externalIdField: 'E__c', externalId: '1' },
    };
    const input = { object: 'Account', fields: { Name: 'A' }, ...ids[name as keyof typeof ids] };
    const answer = { status: 201, json: { id: '001000000000001AAA', success: true } };
    const { context, asked } = scriptedContext(connector, () => answer);
    for (const more of [{}, { allowDuplicates: true }, { allowDuplicates: false }])
      await connector.actions[name]!.run(context, { ...input, ...more }, 'key');
    const header = 'sforce-duplicate-rule-header';
    expect(asked.map(({ headers }) => headers?.[header])).toEqual([undefined, 'allowSave=true', 'allowSave=false']);
  },
);

test.each([
  ['a field', said('INVALID_FIELD', "No such column 'Fooo__c' on sobject of type Account"), 'Account.Fooo__c:edit'],
  ['an object', said('INVALID_TYPE', "sObject type 'Acount' is not supported."), 'Acount:read'],
])('g30: %s that is mistyped: both causes and a way on are named', (_, answer, requirement) => {
  expect(judged(answer)).toMatchObject({ code: 'right_missing', requirement });
  for (const word of ['may not see it', 'names it wrongly', 'rerun the job']) expect(sentence(answer)).toContain(word);
});

test('g30: a right that is surely missing is not said to be a slip', () => {
  expect(judged(said('INSUFFICIENT_ACCESS_OR_READONLY', 'no')).hint).toBeUndefined();
});

test('g30: 503 was not processed, whoever says it, and its pause is kept', () => {
  const page: AppResponse = {
    ...response(503, null, { 'retry-after': '7', 'content-type': 'text/html' }),
    text: '<html>',
  };
  expect(judged(page)).toMatchObject({ code: 'app_unavailable', refusedBeforeProcessing: true, retryAfterMs: 7_000 });
  expect(judged(response(500, null))).toMatchObject({ refusedBeforeProcessing: false });
});
