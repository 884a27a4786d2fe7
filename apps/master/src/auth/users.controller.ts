import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { iso } from '../api/fields.js';
import { Operation } from '../api/operation.js';
import { usernameParam } from '../api/path-params.js';
import { Anytime } from '../http/listed.guard.js';
import { Needs } from './access.js';
import { newUserBody, userChangeBody, userDto, userListDto } from './auth.dto.js';
import { UserRecord } from './records.js';
import { UserStore } from './user-store.js';

@ApiTags('Access')
@Controller('api/v1/users')
@Anytime()
@Needs('admin')
export class UsersController {
  constructor(private readonly users: UserStore) {}

  @Get()
  @Operation({ id: 'listUsers', summary: 'All users', answer: userListDto })
  async list(): Promise<z.infer<typeof userListDto>> {
    return { items: (await this.users.list()).map(toDto) };
  }

  @Post()
  @Operation({
    id: 'createUser',
    summary: 'Make a user',
    status: 201,
    answer: userDto,
    errors: { 409: 'There is such a user.', 422: 'Name or password will not do.' },
  })
  async create(@Body({ schema: newUserBody }) body: z.infer<typeof newUserBody>): Promise<z.infer<typeof userDto>> {
    return toDto(await this.users.create(body.username, body.password, body.role));
  }

  @Patch(':username')
  @Operation({
    id: 'changeUser',
    summary: 'Change the role or the password of a user',
    answer: userDto,
    errors: { 404: 'There is no such user.', 409: 'The last admin must stay one.', 422: 'The password will not do.' },
  })
  async change(
    @Param('username', { schema: usernameParam }) username: string,
    @Body({ schema: userChangeBody }) body: z.infer<typeof userChangeBody>,
  ): Promise<z.infer<typeof userDto>> {
    return toDto(await this.users.change(username, body));
  }

  @Delete(':username')
  @Operation({
    id: 'deleteUser',
    summary: 'Delete a user and end the sessions',
    status: 204,
    errors: { 404: 'There is no such user.', 409: 'The last admin must stay.' },
  })
  async remove(@Param('username', { schema: usernameParam }) username: string): Promise<void> {
    await this.users.remove(username);
  }
}

function toDto(user: UserRecord): z.infer<typeof userDto> {
  return { username: user.name, role: user.role, createdAt: iso(user.createdAt), updatedAt: iso(user.updatedAt) };
}
