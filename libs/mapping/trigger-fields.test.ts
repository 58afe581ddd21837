import { triggerFieldsOf } from './trigger-fields.js';

test('g27: the fields of the event that expressions read', () => {
  const expressions = [
    'trigger.Name',
    '"Site: " & trigger.Website & $uppercase(trigger.Name)',
    'trigger.`My Field__c`',
    'trigger.Owner.Name',
    '$exists(trigger.Fax) ? trigger.Fax : steps.one.trigger.Other',
    'job.id',
    'trigger',
    'trigger.(',
  ];
  expect(triggerFieldsOf(expressions)).toEqual(['Fax', 'My Field__c', 'Name', 'Owner', 'Website']);
});
