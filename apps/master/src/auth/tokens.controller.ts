import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { tokenIdParam } from '../api/path-params.js';
import { Anytime } from '../http/listed.guard.js';
import { Caller, Needs } from './access.js';
import { createdTokenDto, newTokenBody, tokenDto, tokenListDto } from './auth.dto.js';
import { actorName, Identity } from './identity.js';
import { ListedToken, TokenStore } from './token-store.js';

@ApiTags('Access')
@Controller('api/v1/tokens')
@Anytime()
@Needs('admin')
export class TokensController {
  constructor(private readonly tokens: TokenStore) {}

  @Get()
  @Operation({ id: 'listTokens', summary: 'All tokens, without their secrets', answer: tokenListDto })
  async list(): Promise<z.infer<typeof tokenListDto>> {
    return { items: (await this.tokens.list()).map(toDto) };
  }

  @Post()
  @Operation({
    id: 'createToken',
    summary: 'Make a token for a program',
    description: 'The secret is in this answer and nowhere else.',
    status: 201,
    answer: createdTokenDto,
    errors: { 422: 'The name or the role will not do.' },
  })
  async create(
    @Caller() caller: Identity,
    @Body({ schema: newTokenBody }) body: z.infer<typeof newTokenBody>,
  ): Promise<z.infer<typeof createdTokenDto>> {
    const { token, secret } = await this.tokens.create(body, actorName(caller));
    return { ...toDto(token), token: secret };
  }

  @Delete(':id')
  @Operation({
    id: 'revokeToken',
    summary: 'Revoke a token at once',
    status: 204,
    errors: { 404: 'There is no such token.' },
  })
  async revoke(@Param('id', { schema: tokenIdParam }) id: string): Promise<void> {
    await this.tokens.revoke(id);
  }
}

function toDto(token: ListedToken): z.infer<typeof tokenDto> {
  const { id, name, role, createdBy } = token;
  return { id, name, role, createdBy, createdAt: iso(token.createdAt), expiresAt: iso(token.expiresAt) };
}
