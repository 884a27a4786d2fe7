import { Clock, within } from '@app/platform';
import { CanActivate, ExecutionContext, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Response } from 'express';
import { ACCESS } from '../auth/access.js';
import { StillListing } from './http-errors.js';

const ANYTIME = 'fleetcron:anytime';

/** Answered also while this master has not read everything yet: needs none of the mirrors, or says what they lack. */
export const Anytime = (): MethodDecorator & ClassDecorator => SetMetadata(ANYTIME, true);

/** So long a call waits for a master that has just started, milliseconds: most lists take less. */
const WAIT_MS = 10_000;

/**
 * Holds up what is asked of a master that has not read everything yet: half the jobs, exported or counted, look like all
 * of them. Throws StillListing where it takes too long.
 */
export class ListedGuard implements CanActivate {
  private isListed = false;
  private heard: Promise<void> | undefined;

  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
    private readonly listed: Promise<void>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isListed || this.isAnytime(context)) return true;
    this.heard ??= this.listed.then(() => {
      this.isListed = true;
    });
    await within(this.clock, WAIT_MS, this.heard, undefined);
    // Who has left meanwhile may have asked again: what was wanted once is not done twice.
    const hasLeft = context.switchToHttp().getResponse<Response>().closed;
    if (!this.isListed || hasLeft) throw new StillListing();
    return true;
  }

  private isAnytime(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    return [ANYTIME, ACCESS.public].some((key) => this.reflector.getAllAndOverride<unknown>(key, places) !== undefined);
  }
}
