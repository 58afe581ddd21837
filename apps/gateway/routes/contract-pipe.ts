/** Checks body, path and query by the schema that stands at the parameter, and names the field at fault. */
import { StandardSchemaValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { invalidRequest, type RequestPart, type SchemaIssue } from '../problems/schema-issues.js';
import { refuseUnstorableText } from './unstorable-text.js';

const PART: Readonly<Record<string, RequestPart>> = { body: 'body', query: 'query', param: 'path' };

/** The pipe's own way out: what was sent is needed too, and only the caller of the pipe has it. */
class IssuesFound extends Error {
  constructor(readonly issues: readonly SchemaIssue[]) {
    super('The request does not fit its schema.');
  }
}

export class ContractPipe implements PipeTransform {
  private readonly pipes = new Map<string, StandardSchemaValidationPipe>(
    Object.keys(PART).map((type) => [
      type,
      new StandardSchemaValidationPipe({
        exceptionFactory: (issues) => new IssuesFound(issues as readonly SchemaIssue[]),
      }),
    ]),
  );

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const pipe = this.pipes.get(metadata.type);
    const part = PART[metadata.type];
    if (!pipe || !part) return value;
    refuseUnstorableText(part, value);
    return this.check(pipe, part, value, metadata);
  }

  private async check(
    pipe: StandardSchemaValidationPipe,
    part: RequestPart,
    value: unknown,
    metadata: ArgumentMetadata,
  ): Promise<unknown> {
    try {
      return await pipe.transform(value, metadata);
    } catch (error) {
      throw error instanceof IssuesFound ? invalidRequest(part, error.issues, value) : error;
    }
  }
}
