import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiQueryOperation } from '#libs/platform';
import { KEPT_FOR, type AnswerSigner } from './answer-signer.js';
import { ANSWER_SIGNER } from './tokens.js';

export class PublicKey {
  @ApiProperty({ description: '`EC` or `RSA`; the members of each are those of RFC 7518' }) kty!: string;
  @ApiProperty({ description: 'As in `kid` of a signature' }) kid!: string;
  @ApiProperty({ description: '`ES256` or `PS256`' }) alg!: string;
  @ApiProperty({ description: '`sig`' }) use!: string;
}

export class PublicKeys {
  @ApiProperty({ type: [PublicKey] }) keys!: PublicKey[];
}

@Controller('.well-known')
export class JwksController {
  constructor(@Inject(ANSWER_SIGNER) private readonly signer: AnswerSigner) {}

  @Get('jwks.json')
  @ApiQueryOperation({
    summary: 'Keys of signed answers',
    description:
      'Every key that answers may be signed with: those that were rotated stay, those that were withdrawn go.',
    scopes: 'open',
    answer: PublicKeys,
    examples: { usual: { keys: [{ kty: 'EC', kid: 'answer-es256-1-0a1b2c3d', alg: 'ES256', use: 'sig' }] } },
  })
  async get(@Res({ passthrough: true }) reply: FastifyReply): Promise<PublicKeys> {
    const keys = await this.signer.published();
    // Not before there are keys: a refusal is kept by nobody.
    reply.header('Cache-Control', `public, max-age=${KEPT_FOR}`);
    return {
      keys: keys.map(({ id, algorithm, publicKey }) => ({
        ...(publicKey.export({ format: 'jwk' }) as { readonly kty: string }),
        kid: id,
        alg: algorithm,
        use: 'sig',
      })),
    };
  }
}
