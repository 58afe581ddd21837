import { tokens, type Token } from './lexer.js';
import { unexpectedToken } from './soql-error.js';

export class TokenReader {
  private readonly all: Token[];
  private at = 0;

  constructor(readonly text: string) {
    this.all = tokens(text);
  }

  peek(ahead = 0): Token {
    return this.all[Math.min(this.at + ahead, this.all.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  skip(count: number): void {
    this.at += count;
  }

  isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toUpperCase() === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.at += 1;
    return true;
  }

  takeSign(sign: string): boolean {
    const token = this.peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.at += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected();
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected();
  }

  name(): Token {
    if (this.peek().kind !== 'word') throw this.unexpected();
    return this.next();
  }

  wholeNumber(): number {
    if (!/^\d+$/.test(this.peek().text)) throw this.unexpected();
    return Number(this.next().text);
  }

  unexpected(): Error {
    const token = this.peek();
    return unexpectedToken(this.text, token.position, token.text);
  }
}
