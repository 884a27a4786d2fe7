import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Operation } from '../api/operation.js';
import { Needs } from '../auth/access.js';
import { Anytime } from '../http/listed.guard.js';
import { MASTER_PARTS, MasterParts } from '../master-parts.js';
import { clusterDto, toClusterDto } from './cluster.dto.js';

@ApiTags('Cluster')
@Controller('api/v1/cluster')
@Anytime()
export class ClusterController {
  constructor(@Inject(MASTER_PARTS) private readonly parts: MasterParts) {}

  @Get()
  @Needs('viewer')
  @Operation({ id: 'getCluster', summary: 'The health of the whole, bad news as sentences', answer: clusterDto })
  async read(): Promise<z.infer<typeof clusterDto>> {
    return toClusterDto(await this.parts.cluster.read());
  }
}
