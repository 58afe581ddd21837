import { normalId, withSuffix } from './ids.js';

test('an id of 15 characters gets the suffix that keeps its case', () => {
  expect(withSuffix('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  expect(withSuffix('00D000000000062')).toBe('00D000000000062EAA');
  expect(withSuffix('001AAAAAAAAAAAA')).toBe('001AAAAAAAAAAAAY55');
});

test('both forms of an id read as the long one; a suffix that does not fit is no id', () => {
  expect(normalId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  expect(normalId('001A0000006Vm9rIAC')).toBe('001A0000006Vm9rIAC');
  expect(normalId('001A0000006vm9rIAC')).toBeUndefined();
  expect(normalId('short')).toBeUndefined();
});
