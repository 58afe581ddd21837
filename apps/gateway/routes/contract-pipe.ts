/** Checks body, path and query by the schema that stands at the parameter, and names the field at fault. */
import { StandardSchemaValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { invalidRequest, type RequestPart, type SchemaIssue } from '../problems/schema-issues.js';

const PART: Readonly<Record<string, RequestPart>> = { body: 'body', query: 'query', param: 'path' };

export class ContractPipe implements PipeTransform {
  private readonly pipes = new Map<string, StandardSchemaValidationPipe>(
    Object.entries(PART).map(([type, part]) => [
      type,
      new StandardSchemaValidationPipe({
        exceptionFactory: (issues) => invalidRequest(part, issues as readonly SchemaIssue[]),
      }),
    ]),
  );

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const pipe = this.pipes.get(metadata.type);
    return pipe ? pipe.transform(value, metadata) : value;
  }
}
